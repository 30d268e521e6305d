import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerPods, etcdPods, type ControlPlanePod } from '../../facts/control-plane-pods.js';
import { flagList } from '../../facts/support/flags.js';
import { abort, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Rung } from '../../model/requirement.js';
import {
  booleanFlag,
  etcdsOf,
  everyServer,
  flagsOfApiServers,
  flagsOfEtcd,
  flagsOfFlagz,
  hiddenServer,
  unlessFurther,
  type Finding,
  type ServerFlags,
  type Servers,
} from '../support/control-plane-flags.js';

const clientFlags = ['etcd-servers', 'etcd-servers-overrides', 'etcd-cafile', 'etcd-certfile', 'etcd-keyfile'];
/** How a member gets the certificate of its listener for clients, and of that for peers: a file, or one that it signs itself. */
const memberCertificates = [
  ['cert-file', 'auto-tls'],
  ['peer-cert-file', 'peer-auto-tls'],
] as const;
/**
 * Where a member listens, with etcd's defaults (etcd documentation, "Configuration options"): clear text, on loopback. The listener for clients that
 * speak HTTP and no gRPC is off by default.
 */
const listening = {
  'listen-client-urls': 'http://localhost:2379',
  'listen-client-http-urls': '',
  'listen-peer-urls': 'http://localhost:2380',
} as const;
type Listener = keyof typeof listening;
const clientListeners: readonly Listener[] = ['listen-client-urls', 'listen-client-http-urls'];
const allListeners = Object.keys(listening) as readonly Listener[];

/**
 * The API server's half of TLS: it calls etcd only by HTTPS. Without `etcd-cafile` it checks etcd by the CAs of the system, and whether it shows a
 * certificate is not asked here.
 */
const clientHalf = (server: ServerFlags): Finding => {
  const endpoints = etcdsOf(server);
  const clear = endpoints.filter((endpoint) => /^http:/i.test(endpoint));
  if (clear.length > 0) return { broken: `etcd is called in clear text: ${listed(clear)}` };
  if (endpoints.length === 0) return { unknown: 'etcd-servers is not shown' };
  // kine stands for another database than etcd and hands out a socket.
  return endpoints.some((endpoint) => !/^https:/i.test(endpoint))
    ? { unknown: `${listed(endpoints)} is no etcd on the network: what stores the data cannot be told` }
    : undefined;
};

const urlsOf = (server: ServerFlags, name: Listener): readonly string[] => flagList(server.flags[name] ?? listening[name]);
/** A socket (`unix:`) is no way over the network: who may open its file is a matter of the machine. */
const clearText = (server: ServerFlags, names: readonly Listener[]): readonly string[] =>
  names.flatMap((name) =>
    urlsOf(server, name)
      .filter((url) => /^http:/i.test(url))
      .map((url) => `${name} ${url}`),
  );

/** etcd's half: TLS for clients and peers. */
const memberHalf = (server: ServerFlags): Finding => {
  const absent = memberCertificates.filter(([file, auto]) => !server.flags[file] && booleanFlag(server, auto, false) !== true);
  const clear = clearText(server, allListeners);
  const problems = [
    ...(clear.length > 0 ? [`listens in clear text: ${listed(clear)}`] : []),
    ...(absent.length > 0 ? [`not set: ${listed(absent.map((names) => names.join(' or ')))}`] : []),
  ];
  return problems.length > 0 ? { broken: problems.join('; ') } : undefined;
};

const etcdFlags = [...memberCertificates.flat(), ...allListeners];

/** Both halves are met for a pass; one that is broken is enough to fail. */
const bothHalves = (client: Answer, member: Answer, met: string): Answer => {
  const evidence: readonly Evidence[] = [...client.evidence, ...member.evidence];
  const halves = [client, member];
  const open = halves.find(({ outcome }) => outcome === 'fail') ?? halves.find(({ outcome }) => outcome !== 'pass');
  return open === undefined ? pass(met, evidence) : { ...open, evidence };
};

/** Where the right to list pods is missing, the API server's half can still break a requirement on both. */
const memberUnseen = [hiddenServer("etcd's own flags cannot be seen")];

/**
 * The rungs of what the API server and etcd meet together: by the flags of both; where the API server is hidden, with its half from `/flagz`, beside
 * which etcd's half may be hidden as well. The half in `/flagz` never passes alone.
 */
const byHalves = (judge: (apiServers: Servers, etcd: Servers) => Answer): readonly Rung[] => {
  const both = (apiServers: Servers, etcd: Servers): Answer => unlessFurther(judge(apiServers, etcd), apiServers);
  return [
    read({ apiServerPods, etcdPods }, (facts) =>
      both(flagsOfApiServers(facts.apiServerPods), flagsOfEtcd(facts.etcdPods, facts.apiServerPods)),
    ),
    read({ apiServerFlagz, etcdPods, apiServerPods }, (facts) =>
      both([flagsOfFlagz(facts.apiServerFlagz)], flagsOfEtcd(facts.etcdPods, facts.apiServerPods)),
    ),
    read({ apiServerFlagz }, (facts) => both([flagsOfFlagz(facts.apiServerFlagz)], memberUnseen)),
  ];
};

/** TLS from the API servers to etcd and between its members. Traffic between members does not show in `/flagz`. */
export const etcdTls = byHalves((apiServers, etcd) =>
  bothHalves(
    everyServer(apiServers, clientFlags, '', clientHalf),
    everyServer(etcd, etcdFlags, '', memberHalf),
    'The API servers and all members of etcd use TLS, for clients and for peers.',
  ),
);

const normal = (path: string): string => path.replace(/\/+/g, '/').replace(/\/\.(?=\/)/g, '');

/** The API server checks etcd by another CA than the one that it trusts its clients by. */
const ownCaClient = (server: ServerFlags): Finding => {
  const [etcd, cluster] = [server.flags['etcd-cafile'], server.flags['client-ca-file']];
  if (!etcd) return { broken: 'etcd-cafile is not set: etcd has no CA at all' };
  if (!cluster) return { unknown: 'client-ca-file is not set: there is no CA of the cluster to compare with' };
  return normal(etcd) === normal(cluster) ? { broken: `etcd-cafile is client-ca-file: ${etcd}` } : undefined;
};

/** etcd trusts its clients by another CA than those of the cluster. */
const ownCaMember =
  (clusterCas: readonly string[]) =>
  (server: ServerFlags): Finding => {
    const trusted = server.flags['trusted-ca-file'];
    if (!trusted) return { broken: 'trusted-ca-file is not set: etcd has no CA for its clients' };
    if (clusterCas.length === 0) return { unknown: 'the CA of the cluster is not known' };
    return clusterCas.map(normal).includes(normal(trusted))
      ? { broken: `trusted-ca-file is the cluster's CA, ${trusted}: every client certificate of the cluster opens etcd` }
      : undefined;
  };

/**
 * etcd has a CA of its own, by the paths that both halves name. One CA for both in `/flagz` breaks it; two CAs there do not pass it: by which one etcd
 * trusts its clients, which is the point of the clause, stands on etcd's side only.
 */
export const etcdOwnCa = byHalves((apiServers, etcd) =>
  bothHalves(
    everyServer(apiServers, ['etcd-cafile', 'client-ca-file'], '', ownCaClient),
    everyServer(etcd, ['trusted-ca-file'], '', ownCaMember(apiServers.flatMap(({ flags }) => flags['client-ca-file'] || []))),
    'by path: etcd has another CA than the cluster; what stands in the files cannot be read',
  ),
);

/** Clients have to show a certificate: its Common Name is their user in etcd. On a port in clear text none is asked for. */
const clientCertificates = (server: ServerFlags): Finding => {
  const clear = clearText(server, clientListeners);
  if (clear.length > 0) return { broken: `listens in clear text, where no certificate is asked for: ${listed(clear)}` };
  if (booleanFlag(server, 'client-cert-auth', false) !== true) return { broken: 'client-cert-auth is not true' };
  if (!server.flags['trusted-ca-file']) return { broken: 'trusted-ca-file is not set' };
  return clientListeners.flatMap((name) => urlsOf(server, name)).some((url) => /^https:/i.test(url))
    ? undefined
    : { unknown: 'etcd listens to its clients on a socket only, where no certificate is asked for' };
};

const authFlags = ['client-cert-auth', 'trusted-ca-file', ...clientListeners];

/** By etcd's own flags. */
const byMembers = (etcd: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): Answer =>
  unlessFurther(
    everyServer(
      flagsOfEtcd(etcd, apiServers),
      authFlags,
      'all members of etcd take only clients with a certificate of their CA',
      clientCertificates,
    ),
    flagsOfApiServers(apiServers),
  );

/** The API server's half: one that shows etcd no certificate cannot be authenticated by it. That it shows one does not say that etcd asks for it. */
const byClients = (apiServers: Servers): Answer => {
  const answer = everyServer(apiServers, clientFlags, '', (server) => {
    const clear = etcdsOf(server).filter((endpoint) => /^http:/i.test(endpoint));
    if (clear.length > 0) return { broken: `etcd is called in clear text, where no certificate is shown: ${listed(clear)}` };
    if (etcdsOf(server).some((endpoint) => !/^https:/i.test(endpoint))) return { unknown: 'etcd is not called over the network' };
    return server.flags['etcd-certfile'] ? undefined : { broken: 'etcd-certfile is not set: the API server shows etcd no certificate' };
  });
  return answer.outcome === 'pass'
    ? undecided('the API server shows etcd a certificate; whether etcd asks for one does not show', answer.evidence)
    : answer;
};

/** Who etcd takes for a client: by etcd's own flags, then by what the API server does. @param then makes the row's answer of it */
export const etcdAuthentication = (then: (answer: Answer) => Answer = (answer) => answer): readonly Rung[] => [
  read({ etcdPods, apiServerPods }, (facts) => then(byMembers(facts.etcdPods, facts.apiServerPods))),
  read({ apiServerPods }, (facts) => then(byClients(flagsOfApiServers(facts.apiServerPods)))),
  read({ apiServerFlagz }, (facts) => then(byClients([flagsOfFlagz(facts.apiServerFlagz)]))),
];

/** Rights in etcd are given to authenticated users: without authentication there are none, with it only the provider can tell. */
export const etcdAcl = (answer: Answer): Answer => {
  if (answer.outcome === 'fail')
    return fail(`without authentication etcd has no users whose rights it could restrict: ${answer.message}`, answer.evidence);
  return answer.outcome === 'pass'
    ? abort('users and roles of etcd do not show from inside the cluster: declare them', answer.evidence)
    : answer;
};
