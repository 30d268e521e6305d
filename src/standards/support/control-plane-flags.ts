import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerPods, type ControlPlanePod } from '../../facts/control-plane-pods.js';
import { flagBoolean, flagList } from '../../facts/support/flags.js';
import { fail, listed, pass, undecided, unrelated, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Rung } from '../../model/requirement.js';
import { hiddenControlPlane, hiddenEtcd } from './hidden-control-plane.js';

/** The flags of one server, and where they were seen. */
export interface ServerFlags {
  readonly source: string;
  readonly flags: Readonly<Record<string, string>>;
  /** A pod shows what was set: an absent flag has its default. `/flagz` shows all values: an absent one is unknown. */
  readonly absentIsDefault: boolean;
  /** True where the pod does not run: its flags may break a requirement, and meet none. */
  readonly idle?: boolean | undefined;
  /** Why the flags of this server, or of some servers, are not known: a clause. Such a server breaks nothing and keeps the others from a pass. */
  readonly hidden?: string | undefined;
}

export type Servers = readonly ServerFlags[];

/** Some servers whose flags are not known. */
export const hiddenServer = (hidden: string): ServerFlags => ({ source: '', flags: {}, absentIsDefault: false, hidden });

/** The servers whose flags are known. */
export const visibleServers = (servers: Servers): Servers => servers.filter(({ hidden }) => hidden === undefined);

/** Why not all servers show their flags; none where they do. */
export const hiddenOf = (servers: Servers): readonly string[] => servers.flatMap(({ hidden }) => (hidden === undefined ? [] : [hidden]));

/** `/flagz` as the flags of the one server that answered. */
export const flagsOfFlagz = ({ flags }: Pick<ServerFlags, 'flags'>): ServerFlags => ({
  source: 'GET /flagz',
  flags,
  absentIsDefault: false,
});

const podsNamed = (pods: readonly ControlPlanePod[]): string =>
  `${pods.length === 1 ? 'pod' : 'pods'} ${listed(pods.map((pod) => pod.name))}`;
const nodesNamed = (nodes: readonly string[]): string => `${nodes.length === 1 ? 'node' : 'nodes'} ${listed(nodes)}`;

/** The flags of a pod that does not run are what its server is started with: it breaks a requirement as well, and no server of it meets one. */
const ofPods = (pods: readonly ControlPlanePod[], what: string, opaque: (pod: ControlPlanePod) => string | undefined): Servers => {
  const running = pods.filter((pod) => pod.running);
  const why = [...Map.groupBy(running, opaque)].flatMap(([reason, some]) =>
    reason === undefined ? [] : [`${podsNamed(some)}: ${reason}`],
  );
  return [
    ...pods
      .filter((pod) => opaque(pod) === undefined)
      .map((pod) => ({
        source: `pod kube-system/${pod.name}`,
        flags: pod.flags,
        absentIsDefault: true,
        idle: !pod.running,
      })),
    ...why.map(hiddenServer),
    ...(running.length === 0 ? [hiddenServer(`none of the ${what} pods that can be seen runs: ${listed(pods.map((p) => p.name))}`)] : []),
  ];
};

/** Nodes that are called a control plane and show no API server pod. */
const unseenOn = (pods: readonly ControlPlanePod[]): readonly string[] => [...new Set(pods.flatMap((pod) => pod.unseenOn ?? []))];

/**
 * The flags of all API servers whose pods can be seen, or why they tell nothing.
 * No API server starts without `etcd-servers`: a pod that does not show it takes its flags from somewhere else.
 */
export const flagsOfApiServers = (pods: readonly ControlPlanePod[]): Servers => {
  if (pods.length === 0) return [hiddenServer(hiddenControlPlane)];
  const unseen = unseenOn(pods);
  return [
    ...ofPods(pods, 'API server', (pod) =>
      'etcd-servers' in pod.flags ? undefined : "the API server's flags are not in its command line",
    ),
    ...(unseen.length === 0
      ? []
      : [hiddenServer(`no API server pod can be seen on the ${nodesNamed(unseen)}, called a control plane by role or taint`)]),
  ];
};

/** An API server that finds etcd on its own machine. */
const usesLoopback = ({ flags }: ControlPlanePod): boolean =>
  flagList(flags['etcd-servers']).some((url) => /^https?:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?::|\/|$)/i.test(url));

/**
 * Nodes of the control plane whose member of etcd cannot be seen. Where some etcd pod is on a node without an API server, etcd has nodes of its own,
 * and an API server may reach them through a proxy at loopback (RKE2).
 */
const withoutMember = (pods: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): readonly string[] => {
  const unseen = unseenOn(apiServers);
  const hosts = [...apiServers.map((server) => server.node), ...unseen];
  if (pods.some((pod) => !hosts.includes(pod.node))) return [];
  const owed = [...apiServers.filter(usesLoopback).map((server) => server.node), ...unseen];
  return [...new Set(owed)].filter((node) => node !== '' && !pods.some((pod) => pod.node === node));
};

/** The flags of all etcd members whose pods can be seen, or why they tell nothing. */
export const flagsOfEtcd = (pods: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): Servers => {
  if (pods.length === 0) return [hiddenServer(apiServers.length === 0 ? hiddenControlPlane : hiddenEtcd)];
  const lacking = withoutMember(pods, apiServers);
  return [
    ...ofPods(pods, 'etcd', (pod) => {
      // With a configuration file etcd ignores every flag and variable (etcd documentation, "Configuration options").
      if ('config-file' in pod.flags) return 'etcd takes its settings from a file, which cannot be read';
      return Object.keys(pod.flags).length === 0 ? "etcd's settings are not in its command line" : undefined;
    }),
    ...(lacking.length === 0 ? [] : [hiddenServer(`no etcd pod can be seen on the ${nodesNamed(lacking)} of the control plane`)]),
  ];
};

/** Says what each server shows for some flags. */
const flagEvidence = (servers: Servers, names: readonly string[]): readonly Evidence[] =>
  servers.map(({ source, flags }) => ({
    source,
    observed: names.map((name) => (flags[name] === undefined ? `${name} (absent)` : `${name}=${flags[name]}`)).join(', '),
  }));

/** What one server's flags say: undefined where they meet the requirement, `unknown` where they do not tell. */
export type Finding = { readonly broken: string } | { readonly unknown: string } | undefined;

/**
 * Judges servers of one kind together: one that breaks the requirement breaks it for the cluster, whether its pod runs or not, and all have to tell
 * for a pass.
 * @param names flags that are shown as evidence
 * @param met what is said where all meet it
 */
export const everyServer = (servers: Servers, names: readonly string[], met: string, find: (server: ServerFlags) => Finding): Answer => {
  const visible = visibleServers(servers);
  const evidence = flagEvidence(visible, names);
  const told = (some: Servers, key: 'broken' | 'unknown'): string[] =>
    some.flatMap((server) => {
      const finding = find(server) as Partial<Record<typeof key, string>> | undefined;
      return finding?.[key] === undefined ? [] : [`${server.source}: ${finding[key]}`];
    });
  const broken = told(visible, 'broken');
  if (broken.length > 0) return fail(listed(broken), evidence);
  const running = visible.filter(({ idle }) => idle !== true);
  const unknown = [...hiddenOf(servers), ...told(running, 'unknown')];
  if (unknown.length > 0 || servers.length === 0) return undecided(listed(unknown), evidence);
  return pass(met, evidence);
};

/**
 * The etcds that a server stores some resources in, beside the one that it stores all others in: `/events#https://a:2379;https://b:2379`
 * (kube-apiserver, `--etcd-servers-overrides`).
 */
const furtherEtcds = ({ flags }: ServerFlags): readonly string[] => {
  const known = flagList(flags['etcd-servers']);
  const all = flagList(flags['etcd-servers-overrides']).flatMap((item) => item.slice(item.indexOf('#') + 1).split(';'));
  return all.map((url) => url.trim()).filter((url) => url !== '' && !known.includes(url));
};

/** All etcds of a server. */
export const etcdsOf = (server: ServerFlags): readonly string[] => [...flagList(server.flags['etcd-servers']), ...furtherEtcds(server)];

/** What is met by the members that are seen, where a server uses others that are not, is not shown. */
export const unlessFurther = (answer: Answer, servers: Servers): Answer => {
  const others = servers.flatMap(furtherEtcds);
  return answer.outcome === 'pass' && others.length > 0
    ? undecided(
        `the members of a further etcd (${listed([...new Set(others)])}, by etcd-servers-overrides) cannot be seen`,
        answer.evidence,
      )
    : answer;
};

/** A flag of one kind: its value, its default where absence means that, or undefined where it cannot be told. */
const flagOf =
  <T>(parse: (text: string) => T | undefined) =>
  (server: ServerFlags, name: string, otherwise: T): T | undefined => {
    const value = server.flags[name];
    if (value !== undefined) return parse(value);
    return server.absentIsDefault ? otherwise : undefined;
  };
export const booleanFlag = flagOf<boolean>(flagBoolean);
/** A natural number. */
export const numberFlag = flagOf<number>((text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined));

/**
 * The items of a list flag, as a command line (`a,b`) and as `/flagz` (`[a,b]`) writes it; none where it is unset.
 * @returns undefined where it cannot be told whether the flag is set
 */
export const itemsOf = (server: ServerFlags, name: string): readonly string[] | undefined => {
  const value = server.flags[name];
  if (value === undefined) return server.absentIsDefault ? [] : undefined;
  return value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
};

/**
 * Of several API servers one alone has answered, and what it does says nothing of the others: the flags of one of them are enough to break it.
 * @param names of the flags that decide, for the evidence
 */
export const byOthers = (names: readonly string[], find: (server: ServerFlags) => Finding): Rung =>
  read({ apiServerPods }, (facts) => {
    const servers = flagsOfApiServers(facts.apiServerPods);
    if (visibleServers(servers).length < 2) return unrelated('no further API server shows its flags');
    const answer = everyServer(servers, names, '', find);
    return answer.outcome === 'fail' ? answer : unrelated('no flag of an API server breaks it');
  });

/**
 * The two rungs that read the API server's flags: its pods, all of which must agree, then `/flagz` of the one that answered.
 * @param names of the flags that decide, for the evidence
 * @param met what is said where they meet the requirement
 */
export const byFlags = (names: readonly string[], met: string, find: (server: ServerFlags) => Finding): readonly Rung[] => [
  read({ apiServerPods }, (facts) => everyServer(flagsOfApiServers(facts.apiServerPods), names, met, find)),
  read({ apiServerFlagz }, (facts) => everyServer([flagsOfFlagz(facts.apiServerFlagz)], names, met, find)),
];
