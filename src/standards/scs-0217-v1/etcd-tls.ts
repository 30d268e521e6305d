import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import { flagList } from '../../facts/support/flags.js';
import { abort, fail, listed, pass, undecided, type Answer, type Evidence, type Undecided } from '../../model/outcome.js';
import {
  booleanFlag,
  etcdsOf,
  everyServer,
  flagsOfApiServers,
  flagsOfEtcd,
  flagsOfFlagz,
  unlessFurther,
  type Finding,
  type Flagz,
  type ServerFlags,
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

type Servers = readonly ServerFlags[] | Undecided;

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
  for (const half of [client, member]) if (half.outcome === 'fail') return { ...half, evidence };
  for (const half of [client, member]) if (half.outcome !== 'pass') return { ...half, evidence };
  return pass(met, evidence);
};

const tls = (apiServers: Servers, etcd: Servers): Answer =>
  unlessFurther(
    bothHalves(
      everyServer(apiServers, clientFlags, '', clientHalf),
      everyServer(etcd, etcdFlags, '', memberHalf),
      'The API servers and all members of etcd use TLS, for clients and for peers.',
    ),
    apiServers,
  );

/** TLS from the API servers to etcd and between its members, by the flags of both. */
export const etcdTls = (apiServers: readonly ControlPlanePod[], etcd: readonly ControlPlanePod[]): Answer =>
  tls(flagsOfApiServers(apiServers), flagsOfEtcd(etcd, apiServers));

/** The same where the API server is hidden: its half stands in `/flagz`. Traffic between members does not, so that it never passes alone. */
export const etcdTlsByFlagz = (flagz: Flagz, etcd: Servers): Answer => tls([flagsOfFlagz(flagz)], etcd);

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

const ownCa = (apiServers: Servers, etcd: Servers): Answer => {
  const clusterCas = 'outcome' in apiServers ? [] : apiServers.flatMap(({ flags }) => flags['client-ca-file'] || []);
  const answer = bothHalves(
    everyServer(apiServers, ['etcd-cafile', 'client-ca-file'], '', ownCaClient),
    everyServer(etcd, ['trusted-ca-file'], '', ownCaMember(clusterCas)),
    'by path: etcd has another CA than the cluster; what stands in the files cannot be read',
  );
  return unlessFurther(answer, apiServers);
};

/** etcd has a CA of its own, by the paths that both halves name. */
export const etcdOwnCa = (apiServers: readonly ControlPlanePod[], etcd: readonly ControlPlanePod[]): Answer =>
  ownCa(flagsOfApiServers(apiServers), flagsOfEtcd(etcd, apiServers));

/**
 * The same with the API server's half from `/flagz`. One CA for both breaks it; two CAs there do not pass it: by which one etcd trusts
 * its clients, which is the point of the clause, stands on etcd's side only.
 */
export const etcdOwnCaByFlagz = (flagz: Flagz, etcd: Servers): Answer => ownCa([flagsOfFlagz(flagz)], etcd);

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

/** etcd authenticates its clients by their certificates: by etcd's flags. */
export const etcdCnAuth = (etcd: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): Answer =>
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
export const etcdCnAuthByClient = (apiServers: Servers): Answer => {
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

/** Rights in etcd are given to authenticated users: without authentication there are none, with it only the provider can tell. */
export const etcdAcl = (authentication: Answer): Answer => {
  switch (authentication.outcome) {
    case 'fail':
      return fail(
        `without authentication etcd has no users whose rights it could restrict: ${authentication.because}`,
        authentication.evidence,
      );
    case 'pass':
      return abort('users and roles of etcd do not show from inside the cluster: declare them', authentication.evidence);
    case 'abort':
    case 'not-applicable':
    case 'undecided':
      return authentication;
  }
};
