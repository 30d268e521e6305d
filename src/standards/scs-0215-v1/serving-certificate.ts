import type { ServingCertificate } from '../../facts/api-server-certificate.js';
import type { Certificate } from '../../facts/support/certificate.js';
import { isUnavailable } from '../../model/fact.js';
import { fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import type { Rung } from '../../model/requirement.js';
import { frontFacts, frontOf, marksIn, type Front } from '../support/front.js';
import { afterJudged, span, validityOf } from '../support/validity.js';

/** A year, and a day for those who date the beginning back by minutes, as kubeadm does. */
const maxLife = 366;
/** A certificate that ends within a month, or within the last fifth of a shorter life, is announced. */
const soonLeft = (life: number): number => Math.min(30, life / 5);

const dates = (c: Certificate): string => `${c.notBefore.slice(0, 10)} to ${c.notAfter.slice(0, 10)}`;
const certificateEvidence = (c: ServingCertificate): readonly Evidence[] => [
  { source: 'TLS handshake with the API endpoint', observed: `subject ${c.subject}, issuer ${c.issuer}, ${dates(c)}` },
];

const toMs = (date: string): number => Date.parse(date);

/** CAs that the kubeconfig and pods trust. */
interface KnownCas {
  readonly cas: readonly Certificate[];
  /** Whether those that pods trust are among them: a kubeconfig alone may hold one that was renewed since. */
  readonly ofPods: boolean;
}

/**
 * Whether `notBefore` is the day of issue. K3s, RKE2, EKS and kubeadm before 1.36 give each certificate the `notBefore` of its CA, also when it is
 * renewed (kubernetes/kubernetes#113618; NewSignedCert of kubeadm's pkiutil and of rancher/dynamiclistener).
 * `own`: it is. `carried`: it is the CA's. `older`: the certificate is older than a CA of that name, so the CA was renewed since, and the one whose day
 * the certificate may carry need not be among those that are known: a kubeconfig can hold one that was renewed twice.
 * `unseen`: no CA of that name is known, or not the one that the cluster has now.
 */
const datingOf = (c: Certificate, { cas, ofPods }: KnownCas): 'own' | 'carried' | 'older' | 'unseen' => {
  const issuers = cas.filter(({ subject }) => subject === c.issuer).map(({ notBefore }) => toMs(notBefore));
  if (issuers.length === 0) return 'unseen';
  if (issuers.includes(toMs(c.notBefore))) return 'carried';
  if (!issuers.every((from) => from < toMs(c.notBefore))) return 'older';
  return ofPods ? 'own' : 'unseen';
};

/** A life of more than a year by its dates, with less than a year left: what the CA says of the day of issue decides. */
const byDating = (c: ServingCertificate, cas: KnownCas, what: string, life: string, left: string): Answer => {
  const evidence = certificateEvidence(c);
  const dating = datingOf(c, cas);
  switch (dating) {
    case 'carried':
      return pass(`${what} carries the notBefore of its CA (${c.issuer}), so that only the time left counts: ${left}.`, evidence);
    case 'own':
      return fail(`${what} lives for ${life} (${dates(c)}): it is not rotated within a year.`, evidence);
    case 'older':
    case 'unseen':
      return undecided(
        `${what} lives for ${life} by its dates (${dates(c)}), and its CA (${c.issuer}) ${dating === 'older' ? 'is newer' : 'cannot be seen'}: the day of issue does not show.`,
        evidence,
      );
  }
};

/**
 * The serving certificate of the API endpoint: rotated within a year or not. A proxy's certificate says nothing of the cluster.
 * @param cas as far as they are known: the fewer, the less is told of the day of issue
 */
const servingCertificate = (c: ServingCertificate, cas: KnownCas, front: Front, now: Date): Answer => {
  const validity = validityOf(c, now);
  const what = `The certificate of the API endpoint (${c.subject})`;
  const evidence = certificateEvidence(c);
  if (front.answers === 'proxy') return undecided(front.message, evidence);
  if (validity === undefined) return undecided(`${what} has no readable dates.`, evidence);
  const { life, left } = validity;
  if (left <= 0) return fail(`${what} expired on ${c.notAfter}.`, evidence);
  if (validity.early) return undecided(`${what} is valid from ${c.notBefore} on, which is ${afterJudged(now)}`, evidence);
  if (left > maxLife)
    return fail(`${what} is valid for ${span(left)} more, until ${c.notAfter}: it is not rotated within a year.`, evidence);
  const answer =
    life <= maxLife
      ? pass(`${what} lives for ${span(life)}, ${span(left)} of which are left.`, evidence)
      : byDating(c, cas, what, span(life), span(left));
  if (answer.outcome !== 'pass') return answer;
  if (front.answers === 'unknown') return undecided(front.message, evidence);
  return left < soonLeft(life) ? { ...answer, expiresSoon: `${what} expires in ${span(left)}, on ${c.notAfter}.` } : answer;
};

export const byHandshake: Rung = {
  rung: 'behave',
  facts: Object.values(frontFacts),
  answer: (facts, now) => {
    const marks = marksIn(facts);
    const { apiServerCertificate: certificate, kubeconfigCas, rootCas } = marks;
    if (isUnavailable(certificate)) return [certificate];
    const cas = [kubeconfigCas, rootCas].flatMap((some) => (isUnavailable(some) ? [] : some));
    return servingCertificate(certificate, { cas, ofPods: !isUnavailable(rootCas) }, frontOf(marks), now);
  },
};
