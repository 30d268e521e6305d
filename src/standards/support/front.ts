import { apiServerCertificate, isInClusterName } from '../../facts/api-server-certificate.js';
import { kubeconfigCas, rootCas } from '../../facts/cluster-cas.js';
import { endpointUrl } from '../../facts/endpoint-url.js';
import type { Certificate } from '../../facts/support/certificate.js';
import { factOf, isUnavailable, type Fact, type Facts } from '../../model/fact.js';
import { listed, type Answer } from '../../model/outcome.js';
import type { BesideOf, Rung } from '../../model/requirement.js';

/** The facts that tell whether something answers before the API server. */
export const frontFacts = { endpointUrl, apiServerCertificate, kubeconfigCas, rootCas } as const;

/** What is known of the endpoint, the certificate that it shows, the CAs that the kubeconfig trusts, and those that pods trust. */
type FrontMarks = BesideOf<typeof frontFacts>;

/** What answers at the TLS level. `because` is a sentence. */
export type Front =
  | { readonly answers: 'api-server' }
  | { readonly answers: 'proxy'; readonly message: string }
  | { readonly answers: 'unknown'; readonly message: string };

/** undefined: not known; `''`: no mark. */
type Mark = string | undefined;

const pathMark = (url: FrontMarks['endpointUrl']): Mark => {
  if (isUnavailable(url)) return undefined;
  return url.path ? 'the server URL has a path' : '';
};

const nameMark = (certificate: FrontMarks['apiServerCertificate']): Mark => {
  if (isUnavailable(certificate) || certificate.altNames === undefined) return undefined;
  return certificate.altNames.some(isInClusterName)
    ? ''
    : `the certificate (${certificate.subject}) has none of the names kubernetes, kubernetes.default and kubernetes.default.svc`;
};

/**
 * CAs are compared by their subject: a CA that was renewed has new dates and often a new key, and kubeconfigs are not replaced on that day.
 * The CA of a gateway has a name of its own.
 */
const isAmong = (name: string, cas: readonly Certificate[]): boolean => name !== '' && cas.some(({ subject }) => subject === name);

/**
 * The certificate's issuer has to be the cluster's, and trusted by the kubeconfig as such. A kubeconfig without CAs trusts those of the system, or
 * checks nothing. Which CA signs by an intermediate one does not show.
 */
const caMark = ({ kubeconfigCas: own, rootCas: root, apiServerCertificate: certificate }: FrontMarks): Mark => {
  if (isUnavailable(own) || isUnavailable(root)) return undefined;
  const foreign = own.filter(({ subject }) => !isAmong(subject, root)).map(({ subject }) => subject);
  const other = (names: readonly string[]): string =>
    `the CA of the kubeconfig (${listed(names, 3)}) is not among those of kube-root-ca.crt`;
  if (own.length > 0 && foreign.length === own.length) return other(foreign);
  if (isUnavailable(certificate)) return undefined;
  const { issuer } = certificate;
  if (isAmong(issuer, root)) return own.length > 0 ? '' : undefined;
  if (foreign.includes(issuer)) return other([issuer]);
  return own.length > 0 ? undefined : `the issuer of the certificate (${issuer}) is not among the CAs of kube-root-ca.crt`;
};

const unknownMarks = (marks: FrontMarks): string => {
  const { apiServerCertificate: certificate } = marks;
  const absent = [marks.endpointUrl, certificate, marks.kubeconfigCas, marks.rootCas].filter(isUnavailable).map(({ detail }) => detail);
  const names = !isUnavailable(certificate) && certificate.altNames === undefined ? ['the names of the certificate are not recorded'] : [];
  const none = Array.isArray(marks.kubeconfigCas) && marks.kubeconfigCas.length === 0 ? ['the kubeconfig names no CA of the cluster'] : [];
  return [...new Set([...absent, ...names, ...none])].join('; ') || 'which CA of the kubeconfig signs the certificate does not show';
};

/**
 * Whether a proxy, such as Rancher, Teleport or a company's gateway, answers before the API server. One mark is enough. What then answers at the TLS
 * level says nothing of the cluster. `api-server` takes all marks to be known and absent, so that hiding one never makes a front the cluster.
 */
export const frontOf = (marks: FrontMarks): Front => {
  const seen = [pathMark(marks.endpointUrl), nameMark(marks.apiServerCertificate), caMark(marks)];
  const found = seen.filter((mark) => mark !== undefined && mark !== '');
  if (found.length > 0) {
    // A name alone is no proof: an API server can have a certificate for its public name, of a CA of the cluster (OpenShift).
    const verb = found.length === 1 && found[0] === seen[1] ? 'may answer' : 'answers';
    return { answers: 'proxy', message: `A proxy ${verb} before the API server: ${found.join('; ')}.` };
  }
  if (seen.includes(undefined))
    return { answers: 'unknown', message: `A proxy before the API server cannot be ruled out: ${unknownMarks(marks)}.` };
  return { answers: 'api-server' };
};

/** What is known in a run. */
export const marksIn = (facts: Facts): FrontMarks =>
  Object.fromEntries(Object.entries(frontFacts).map(([key, fact]) => [key, factOf<unknown>(facts, fact)])) as FrontMarks;

/** The same by the facts of a run. */
export const frontIn = (facts: Facts): Front => frontOf(marksIn(facts));

/** A rung of what answered from outside: the marks of a front are named where they could not be had, and not required. */
export const behindFront = <T>(fact: Fact<T>, judge: (seen: T, front: Front) => Answer): Rung => ({
  rung: 'behave',
  facts: [fact, ...Object.values(frontFacts)],
  answer: (facts) => {
    const seen = factOf(facts, fact);
    return isUnavailable(seen) ? [seen] : judge(seen, frontIn(facts));
  },
});
