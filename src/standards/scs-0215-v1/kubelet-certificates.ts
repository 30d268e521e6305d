import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { pendingServingRequests } from '../../facts/certificate-signing-requests.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { kubeletConfigs, type KubeletConfigs } from '../../facts/kubelet-configs.js';
import { nodes } from '../../facts/nodes.js';
import { serverVersion } from '../../facts/server-version.js';
import { isUnavailable } from '../../model/fact.js';
import { count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type BesideOf } from '../../model/requirement.js';

/** What tells who made a kubelet's certificate, versions and the files that the API server reads, and what waits for its serving certificate. */
const surroundings = { pendingServingRequests, nodes, serverVersion, apiServerPods, apiServerFlagz };
type Surroundings = BesideOf<typeof surroundings>;

const eks = /-eks-/;
/** Makers whose kubelets have no client certificate of their own, or get a new one by other means than the kubelet's own renewal. */
const makers: readonly (readonly [RegExp, string])[] = [
  [/\+k3s\d/, 'K3s renews the certificates of kubelets when it starts'],
  [/\+rke2r\d/, 'RKE2 renews the certificates of kubelets when it starts'],
  [eks, 'kubelets of EKS hold no client certificate'],
  [/-gke\./, 'GKE gives certificates to kubelets by means of its own'],
  [/\+k0s/, 'k0s gives certificates to kubelets by means of its own'],
];

/** kubeadm's folder of certificates: https://kubernetes.io/docs/setup/best-practices/certificates/ */
const isOfKubeadm = ({ flags }: { readonly flags: Readonly<Record<string, string>> }): boolean =>
  (flags['client-ca-file'] ?? '').startsWith('/etc/kubernetes/pki/');

/**
 * EKS Distro is a build that kubeadm installs too, as EKS Anywhere does, and its versions have EKS's suffix. EKS itself shows no pod of its API servers;
 * what `/flagz` of it says of files is no mark.
 */
const isDistro = (version: string, { apiServerPods: pods }: Surroundings): boolean =>
  eks.test(version) && !isUnavailable(pods) && pods.length > 0 && pods.every(isOfKubeadm);

const seenKubeadm = ({ apiServerPods: pods, apiServerFlagz: flagz }: Surroundings): boolean =>
  isUnavailable(pods) || pods.length === 0 ? !isUnavailable(flagz) && isOfKubeadm(flagz) : pods.every(isOfKubeadm);

/**
 * Why it is not known that a kubelet holds a client certificate which nothing but `rotateCertificates` renews; undefined if it is known.
 * kubeadm's kubelets hold one, by its TLS bootstrap. A version without a suffix does not tell kubeadm from MicroK8s, RKE1, kOps or AKS, which give
 * out certificates in other ways: kubeadm is known by the files of the API server.
 */
const kubeletDoubt = (node: string, around: Surroundings): string | undefined => {
  const own = isUnavailable(around.nodes) ? undefined : around.nodes.find(({ name }) => name === node)?.kubeletVersion;
  const version = own || (isUnavailable(around.serverVersion) ? '' : around.serverVersion.gitVersion);
  if (version === '') return 'who made the kubelets does not show';
  const maker = makers.find(([suffix]) => suffix.test(version))?.[1];
  if (maker !== undefined) return isDistro(version, around) ? undefined : maker;
  return seenKubeadm(around) ? undefined : 'it does not show that kubeadm made these nodes';
};

const sampleNote = (k: KubeletConfigs): string => (k.sampled ? ` (a sample of ${k.asked.length} of ${k.total} nodes)` : '');
const seenKubelets = (k: KubeletConfigs): readonly Evidence[] =>
  k.nodes.map(({ node, config, unavailable }) => ({
    source: `GET /api/v1/nodes/${node}/proxy/configz`,
    observed:
      config === undefined
        ? (unavailable?.detail ?? 'no answer')
        : `rotateCertificates=${config.rotateCertificates}, serverTLSBootstrap=${config.serverTLSBootstrap}`,
  }));

const waiting = ({ pendingServingRequests: pending }: Surroundings): string => {
  if (isUnavailable(pending)) return ' Whether serving certificates wait for approval cannot be seen.';
  const who = [...new Set(pending.map((p) => p.requestor.replace(/^system:node:/, '')))];
  return who.length === 0 ? '' : ` Serving certificates wait for approval (kubectl certificate approve) on ${listed(who)}.`;
};

/**
 * The kubelets' client certificates: each kubelet renews its own. `rotateCertificates: false` breaks that only if the kubelet is known to hold one.
 * Serving certificates that wait for approval explain, and decide nothing.
 */
const kubeletRotation = (k: KubeletConfigs, around: Surroundings): Answer => {
  const { pendingServingRequests: pending } = around;
  const evidence = [
    ...seenKubelets(k),
    ...(isUnavailable(pending) ? [] : pending).map((p) => ({
      source: `CertificateSigningRequest ${p.name}`,
      observed: `pending, by ${p.requestor}`,
    })),
  ];
  const still = k.nodes.filter((n) => n.config?.rotateCertificates === false).map((n) => n.node);
  const byDoubt = Map.groupBy(still, (node) => kubeletDoubt(node, around));
  const broken = byDoubt.get(undefined) ?? [];
  const of = `${k.asked.length} asked${sampleNote(k)}`;
  if (broken.length > 0)
    return fail(
      `rotateCertificates is false on ${count(broken.length, 'kubelet')} of ${of}, and nothing else renews the client certificate: ${listed(broken)}.`,
      evidence,
    );
  if (k.nodes.length === 0) return undecided('The cluster shows no node whose kubelet could be asked.', evidence);
  const silent = k.nodes.filter((n) => n.config === undefined);
  const reasons = [
    ...[...byDoubt].map(
      ([doubt = '', nodes]) =>
        `rotateCertificates is false on ${listed(nodes)}, which shows no breach: ${doubt}. How these kubelets' certificates are renewed does not show.`,
    ),
    ...(silent.length > 0
      ? [
          `${count(silent.length, 'kubelet')} of ${of} did not answer: ${listed(silent.map((n) => n.node))} (${silent[0]?.unavailable?.detail ?? 'no answer'}).${waiting(around)}`,
        ]
      : []),
  ];
  if (reasons.length > 0) return undecided(reasons.join(' '), evidence);
  return pass(
    `${k.nodes.length} of ${count(k.asked.length, 'kubelet')} asked${sampleNote(k)} have rotateCertificates.${waiting(around)}`,
    evidence,
  );
};

export const byKubelets = read({ kubeletConfigs }, (facts, _, around) => kubeletRotation(facts.kubeletConfigs, around), surroundings);
