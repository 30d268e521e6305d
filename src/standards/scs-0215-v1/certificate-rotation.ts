import type { KubeletConfigs } from '../../facts/kubelet-configs.js';
import type { CertificateInfo } from '../../model/ports.js';
import { abort, count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { span, validityOf } from '../support/validity.js';

/** A year, and a day for those who date the beginning back by minutes, as kubeadm does. */
const mostLife = 366;
const leastLeft = 30;
/** A pass says that it ends soon from here on. */
const soonLeft = 60;

const dates = (c: CertificateInfo): string => `${c.notBefore.slice(0, 10)} to ${c.notAfter.slice(0, 10)}`;
const seenCertificate = (c: CertificateInfo): readonly Evidence[] => [
  { source: 'TLS handshake with the API endpoint', observed: `subject ${c.subject}, issuer ${c.issuer}, ${dates(c)}` },
];

/**
 * The serving certificate of the API endpoint: breaks rotation, or leaves the answer to the kubelets. One that something before the
 * API server shows is judged like the API server's own, and its subject is said.
 */
export const servingCertificate = (c: CertificateInfo, now: Date): Answer => {
  const validity = validityOf(c, now);
  const what = `the certificate of the API endpoint (${c.subject})`;
  const evidence = seenCertificate(c);
  if (validity === undefined) return undecided(`${what} has no readable dates`, evidence);
  if (validity.left <= 0) return fail(`${what} expired on ${c.notAfter}`, evidence);
  if (validity.early) return undecided(`${what} is valid from ${c.notBefore} on, which is in the future: check the clock`, evidence);
  if (validity.life > mostLife)
    return fail(`${what} lives for ${span(validity.life)} (${dates(c)}): it is not rotated within a year`, evidence);
  if (validity.left < leastLeft) return fail(`${what} expires in ${span(validity.left)}, on ${c.notAfter}`, evidence);
  return undecided(`${what} lives for ${span(validity.life)}, ${span(validity.left)} of which are left`, evidence);
};

const sample = (k: KubeletConfigs): string => (k.sampled ? ` (a sample of ${k.asked.length} of ${k.total} nodes)` : '');
const seenKubelets = (k: KubeletConfigs): readonly Evidence[] =>
  k.nodes.map(({ node, config, unavailable }) => ({
    source: `GET /api/v1/nodes/${node}/proxy/configz`,
    observed:
      config === undefined
        ? (unavailable?.detail ?? 'no answer')
        : `rotateCertificates=${config.rotateCertificates}, serverTLSBootstrap=${config.serverTLSBootstrap}`,
  }));

/** The kubelets' client certificates: one that does not renew its own breaks rotation; else the answer is left to all of it together. */
export const kubeletRotation = (k: KubeletConfigs): Answer => {
  const evidence = seenKubelets(k);
  const still = k.nodes.filter((n) => n.config?.rotateCertificates === false).map((n) => n.node);
  if (still.length > 0)
    return fail(
      `${count(still.length, 'kubelet')} of ${k.asked.length} asked${sample(k)} without rotateCertificates: ${listed(still)}`,
      evidence,
    );
  return undecided(
    `${k.nodes.filter((n) => n.config !== undefined).length} of ${count(k.asked.length, 'kubelet')} asked${sample(k)} with rotateCertificates`,
    evidence,
  );
};

/** A kubelet that waits for its serving certificate, as `certificate-signing-requests` names it. */
interface Pending {
  readonly name: string;
  readonly requestor: string;
}

const waiting = (pending: readonly Pending[] | undefined): string => {
  if (pending === undefined) return '; whether serving certificates wait for approval could not be seen';
  const who = [...new Set(pending.map((p) => p.requestor.replace(/^system:node:/, '')))];
  return who.length === 0 ? '' : `; serving certificates wait for approval (kubectl certificate approve) on ${listed(who)}`;
};

/**
 * The pass of both, or what keeps them from it: every part that is broken is named at once.
 * @param pending undefined where they could not be seen: they explain, and decide nothing
 */
export const rotation = (c: CertificateInfo, k: KubeletConfigs, pending: readonly Pending[] | undefined, now: Date): Answer => {
  const parts = [servingCertificate(c, now), kubeletRotation(k)];
  const evidence = [
    ...parts.flatMap((p) => p.evidence),
    ...(pending ?? []).map((p) => ({ source: `CertificateSigningRequest ${p.name}`, observed: `pending, by ${p.requestor}` })),
  ];
  const broken = parts.filter((p) => p.outcome === 'fail');
  if (broken.length > 0) return fail(broken.map((p) => p.because).join('; '), evidence);
  const validity = validityOf(c, now);
  if (validity === undefined || validity.early) return undecided(parts[0]?.because ?? '', evidence);
  if (k.nodes.length === 0) return abort('nothing to judge: the cluster shows no node whose kubelet could be asked', evidence);
  const silent = k.nodes.filter((n) => n.config === undefined);
  if (silent.length > 0) {
    const why = silent[0]?.unavailable?.detail ?? 'no answer';
    const who = listed(silent.map((n) => n.node));
    return abort(
      `${count(silent.length, 'kubelet')} of ${k.asked.length} asked could not tell: ${who} (${why})${waiting(pending)}`,
      evidence,
    );
  }
  const met = pass(`${parts.map((p) => p.because).join('; ')}${waiting(pending)}`, evidence);
  return validity.left < soonLeft
    ? { ...met, expiresSoon: `the certificate of the API endpoint (${c.subject}) expires on ${c.notAfter}` }
    : met;
};
