import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import { flagBoolean, flagList } from '../../facts/support/flags.js';
import { fail, listed, pass, undecided, type Answer, type Evidence, type Undecided } from '../../model/outcome.js';
import { hiddenControlPlane, hiddenEtcd } from './hidden-control-plane.js';

/** The flags of one server, and where they were seen. */
export interface ServerFlags {
  readonly source: string;
  readonly flags: Readonly<Record<string, string>>;
  /** A pod shows what was set: an absent flag has its default. `/flagz` shows all values: an absent one is unknown. */
  readonly absentIsDefault: boolean;
}

/** The fact `api-server-flagz`. */
export interface Flagz {
  readonly flags: Readonly<Record<string, string>>;
}

/** `/flagz` as the flags of the one server that answered. */
export const flagsOfFlagz = (flagz: Flagz): ServerFlags => ({
  source: 'GET /flagz',
  flags: flagz.flags,
  absentIsDefault: false,
});

const ofPods = (
  pods: readonly ControlPlanePod[],
  what: string,
  opaque: (pod: ControlPlanePod) => string | undefined,
): readonly ServerFlags[] | Undecided => {
  const running = pods.filter((pod) => pod.running);
  if (running.length === 0) return undecided(`none of the ${what} pods that can be seen runs: ${listed(pods.map((p) => p.name))}`);
  const why = [...Map.groupBy(running, opaque)].flatMap(([reason, some]) =>
    reason === undefined ? [] : [`${some.length === 1 ? 'pod' : 'pods'} ${listed(some.map((pod) => pod.name))}: ${reason}`],
  );
  if (why.length > 0) return undecided(listed(why));
  return running.map((pod) => ({ source: `pod kube-system/${pod.name}`, flags: pod.flags, absentIsDefault: true }));
};

/**
 * The flags of all API servers whose pods run, or why they tell nothing.
 * No API server starts without `etcd-servers`: a pod that does not show it takes its flags from somewhere else.
 */
export const flagsOfApiServers = (pods: readonly ControlPlanePod[]): readonly ServerFlags[] | Undecided =>
  pods.length === 0
    ? undecided(hiddenControlPlane)
    : ofPods(pods, 'API server', (pod) => ('etcd-servers' in pod.flags ? undefined : "the API server's flags are not in its command line"));

/** The flags of all etcd members whose pods run, or why they tell nothing. */
export const flagsOfEtcd = (
  pods: readonly ControlPlanePod[],
  apiServers: readonly ControlPlanePod[],
): readonly ServerFlags[] | Undecided => {
  if (pods.length === 0) return undecided(apiServers.length === 0 ? hiddenControlPlane : hiddenEtcd);
  return ofPods(pods, 'etcd', (pod) => {
    // With a configuration file etcd ignores every flag and variable (etcd documentation, "Configuration options").
    if ('config-file' in pod.flags) return 'etcd takes its settings from a file, which cannot be read';
    return Object.keys(pod.flags).length === 0 ? "etcd's settings are not in its command line" : undefined;
  });
};

/** Says what each server shows for some flags. */
export const shown = (servers: readonly ServerFlags[], names: readonly string[]): readonly Evidence[] =>
  servers.map(({ source, flags }) => ({
    source,
    observed: names.map((name) => (flags[name] === undefined ? `${name} (absent)` : `${name}=${flags[name]}`)).join(', '),
  }));

/** What one server's flags say: undefined where they meet the requirement, `unknown` where they do not tell. */
export type Finding = { readonly broken: string } | { readonly unknown: string } | undefined;

/**
 * Judges servers of one kind together: one that breaks the requirement breaks it for the cluster, and all have to tell for a pass.
 * @param names flags that are shown as evidence
 * @param met what is said where all meet it
 */
export const everyServer = (
  servers: readonly ServerFlags[] | Undecided,
  names: readonly string[],
  met: string,
  find: (server: ServerFlags) => Finding,
): Answer => {
  if ('outcome' in servers) return servers;
  const evidence = shown(servers, names);
  const told = (key: 'broken' | 'unknown'): string[] =>
    servers.flatMap((server) => {
      const finding = find(server) as Partial<Record<typeof key, string>> | undefined;
      return finding?.[key] === undefined ? [] : [`${server.source}: ${finding[key]}`];
    });
  const broken = told('broken');
  if (broken.length > 0) return fail(listed(broken), evidence);
  const unknown = told('unknown');
  if (unknown.length > 0 || servers.length === 0) return undecided(listed(unknown), evidence);
  return pass(met, evidence);
};

/**
 * The etcds that a server stores some resources in, beside the one that it stores all others in: `/events#https://a:2379;https://b:2379`
 * (kube-apiserver, `--etcd-servers-overrides`).
 */
export const furtherEtcds = ({ flags }: ServerFlags): readonly string[] => {
  const known = flagList(flags['etcd-servers']);
  const all = flagList(flags['etcd-servers-overrides']).flatMap((item) => item.slice(item.indexOf('#') + 1).split(';'));
  return all.map((url) => url.trim()).filter((url) => url !== '' && !known.includes(url));
};

/** All etcds of a server. */
export const etcdsOf = (server: ServerFlags): readonly string[] => [...flagList(server.flags['etcd-servers']), ...furtherEtcds(server)];

/** What is met by the members that are seen, where a server uses others that are not, is not shown. */
export const unlessFurther = (answer: Answer, servers: readonly ServerFlags[] | Undecided): Answer => {
  const others = 'outcome' in servers ? [] : servers.flatMap(furtherEtcds);
  return answer.outcome === 'pass' && others.length > 0
    ? undecided(
        `the members of a further etcd (${listed([...new Set(others)])}, by etcd-servers-overrides) cannot be seen`,
        answer.evidence,
      )
    : answer;
};

/** A boolean flag: its value, its default where absence means that, or undefined where it cannot be told. */
export const booleanFlag = (server: ServerFlags, name: string, otherwise: boolean): boolean | undefined => {
  const value = server.flags[name];
  if (value !== undefined) return flagBoolean(value);
  return server.absentIsDefault ? otherwise : undefined;
};

/** A flag that is a natural number: its value, its default where absence means that, or undefined where it cannot be told. */
export const numberFlag = (server: ServerFlags, name: string, otherwise: number): number | undefined => {
  const value = server.flags[name];
  if (value !== undefined) return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return server.absentIsDefault ? otherwise : undefined;
};
