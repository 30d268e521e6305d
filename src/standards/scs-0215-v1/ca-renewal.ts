import { kubeconfigCas } from '../../facts/cluster-cas.js';
import type { ServingCertificate } from '../../facts/api-server-certificate.js';
import type { Certificate } from '../../facts/support/certificate.js';
import { fail, listed, pass, undecided, unrelated, type Answer, type Evidence } from '../../model/outcome.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { read, type Rung } from '../../model/requirement.js';
import { frontFacts, frontOf, marksIn, type Front } from '../support/front.js';
import { afterJudged, span, validityOf } from '../support/validity.js';

const inConfigMap = 'ConfigMap default/kube-root-ca.crt';

/**
 * Less than a tenth of its life left: the renewal of a CA is overdue, because its successor has to reach every client before it. The standard sets
 * no time.
 */
const overdueShare = 10;
/** How long before that it is announced, in days; shorter for a CA of a short life. */
const soonDays = (life: number): number => Math.min(60, life / overdueShare);

interface Life {
  readonly ca: Certificate;
  readonly left: number;
  /** In days, until the renewal is overdue. */
  readonly spare: number;
  readonly soon: boolean;
}

/** undefined if its dates cannot be read, or it is valid only from a later moment on. */
const lifeOf = (ca: Certificate, now: Date): Life | undefined => {
  const validity = validityOf(ca, now);
  if (validity === undefined || (validity.early && validity.left > 0)) return undefined;
  const { life, left } = validity;
  const spare = left - life / overdueShare;
  return { ca, left, spare, soon: spare < soonDays(life) };
};

const ending = ({ ca, left, spare }: Life): string => {
  if (left <= 0) return `${ca.subject} expired on ${ca.notAfter}`;
  return `${ca.subject} ends in ${span(left)}, on ${ca.notAfter}${spare < 0 ? ', which is less than a tenth of its life' : ''}`;
};

const caEvidence = (source: string, cas: readonly Certificate[]): readonly Evidence[] =>
  cas.map((c) => ({ source, observed: `${c.subject}, ${c.notBefore} to ${c.notAfter}` }));

const passWithTime = (what: string, lives: readonly Life[], evidence: readonly Evidence[]): Answer => {
  const answer = pass(what, evidence);
  const next = lives.filter(({ soon }) => soon).sort((a, b) => a.spare - b.spare)[0];
  return next === undefined
    ? answer
    : {
        ...answer,
        expiresSoon: `The renewal of the CA ${next.ca.subject} is overdue in ${span(next.spare)}: less than a tenth of its life is left then.`,
      };
};

const bySigner = (signer: Life, overdue: readonly Life[], evidence: readonly Evidence[]): Answer =>
  signer.spare < 0
    ? fail(`The renewal of the CA that signs the certificate of the API endpoint is overdue: ${ending(signer)}.`, evidence)
    : passWithTime(
        `The certificate of the API endpoint shows which CA of the ${inConfigMap} signs: ${ending(signer)}. CAs that do not sign it do not count: ${listed(overdue.map(ending))}.`,
        [signer],
        evidence,
      );

/**
 * The CAs of the cluster. While a CA is replaced, the old one and the new one stand beside each other under one name: then the new one counts.
 * Of CAs with several names the one counts that signs the certificate of the API server, where that is seen.
 * @param signer that one, of `cas`
 */
const judge = (cas: readonly Certificate[], signer: Certificate | undefined, evidence: readonly Evidence[], now: Date): Answer => {
  const lives = cas.map((ca) => lifeOf(ca, now)).filter((life) => life !== undefined);
  if (cas.length === 0) return undecided(`The ${inConfigMap} holds no CA.`, evidence);
  if (lives.length < cas.length)
    return undecided(`The dates of a CA in the ${inConfigMap} cannot be read, or lie ${afterJudged(now)}`, evidence);
  const lasting = lives.filter(({ spare }) => spare >= 0);
  const overdue = lives.filter(({ ca, spare }) => spare < 0 && !lasting.some((other) => other.ca.subject === ca.subject));
  if (lasting.length === 0)
    return fail(`The renewal of the CA in the ${inConfigMap} is overdue: ${listed(overdue.map(ending))}.`, evidence);
  if (overdue.length === 0) return passWithTime(`The ${inConfigMap} shows that ${listed(lasting.map(ending))}.`, lasting, evidence);
  const signing = lives.find(({ ca }) => ca === signer);
  return signing === undefined
    ? undecided(`The ${inConfigMap} holds several CAs, and which of them signs does not show: ${listed(overdue.map(ending))}.`, evidence)
    : bySigner(signing, overdue, evidence);
};

/**
 * The CA that signs the API server's certificate, by its subject, which is the certificate's issuer. Undefined if something else may have answered, or if
 * several bear that name.
 */
const signerOf = (root: readonly Certificate[], certificate: ServingCertificate | Unavailable, front: Front): Certificate | undefined => {
  if (isUnavailable(certificate) || front.answers !== 'api-server') return undefined;
  const named = root.filter(({ subject }) => subject === certificate.issuer);
  return named.length === 1 ? named[0] : undefined;
};

const isSame = (a: Certificate, b: Certificate): boolean =>
  a.subject === b.subject && a.notBefore === b.notBefore && a.notAfter === b.notAfter;

/** What the kubeconfig trusts beside: the cluster's CA, which is shown, or another one, such as that of a proxy, which says nothing of the cluster. */
const besideOf = (own: readonly Certificate[] | Unavailable, root: readonly Certificate[]): readonly Evidence[] =>
  isUnavailable(own)
    ? []
    : own.map((ca) => ({
        source: 'CA of the kubeconfig',
        observed: root.some((other) => isSame(ca, other))
          ? `${ca.subject}, the same one`
          : `${ca.subject}, another one, which does not count`,
      }));

const { rootCas, ...frontBesideRoot } = frontFacts;

/** The CA that pods trust; that of the kubeconfig only where it is the same one. The handshake tells which one signs, where there are several. */
export const caRenewal: readonly Rung[] = [
  read(
    { rootCas },
    ({ rootCas: root }, now, marks) => {
      const signer = signerOf(root, marks.apiServerCertificate, frontOf({ ...marks, rootCas: root }));
      return judge(root, signer, [...caEvidence(inConfigMap, root), ...besideOf(marks.kubeconfigCas, root)], now);
    },
    frontBesideRoot,
  ),
  {
    rung: 'read',
    facts: [kubeconfigCas],
    beside: Object.values(frontFacts),
    answer: (facts, now) => {
      const marks = marksIn(facts);
      const { kubeconfigCas: own } = marks;
      if (!isUnavailable(marks.rootCas)) return unrelated('the ConfigMap shows the CA');
      if (isUnavailable(own)) return [own];
      const evidence = caEvidence('CA of the kubeconfig', own);
      const front = frontOf(marks);
      if (front.answers === 'proxy') return undecided(front.message, evidence);
      const lives = own.map((ca) => lifeOf(ca, now)).filter((life) => life !== undefined);
      const what = lives.length > 0 ? `The kubeconfig shows that ${listed(lives.map(ending))}` : 'The kubeconfig names no CA';
      return undecided(`${what}, and whether that is the CA of the cluster cannot be seen.`, evidence);
    },
  },
];
