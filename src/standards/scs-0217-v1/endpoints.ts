import { apiEndpoint, type ApiEndpoint, type PlainAnswer } from '../../facts/api-endpoint.js';
import { servingComponents, servingPods, type ServingPods } from '../../facts/serving-pods.js';
import { serverVersion } from '../../facts/server-version.js';
import { compareMinors, parseVersion, formatVersion } from '../../facts/support/version.js';
import { factOf, isUnavailable, type Unavailable } from '../../model/fact.js';
import { fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import type { Requirement, Rung } from '../../model/requirement.js';
import { behindFront, type Front } from '../support/front.js';
import { together } from '../support/together.js';
import { kubeletHttps } from './kubelet.js';

/** How servers that speak only TLS word their refusal of plain HTTP: Go, nginx, Apache, HAProxy. */
const wantsTls = /https|\btls\b|\bssl\b/i;

/**
 * What an answer to plain HTTP shows. The API server's own port refuses it; a redirect to HTTPS or a page of some other program is no API, unless it asks
 * for a login or fails, behind which the API may be.
 */
const judgeHttp = ({ status, text, api, redirect }: PlainAnswer, evidence: readonly Evidence[]): Answer => {
  const code = status ?? 0;
  const told = `Plain HTTP to the API endpoint is answered with status ${code}`;
  if (api === true) return fail(`${told}, by a Kubernetes API.`, evidence);
  if (code === 400 && wantsTls.test(text)) return pass('The API endpoint speaks TLS and refuses plain HTTP.', evidence);
  if (api === undefined) return undecided(`${told}, and whether an API gave it is not recorded.`, evidence);
  if (redirect !== undefined) {
    // A permanent redirect moves all of it; another one may be that of a login.
    const moved = redirect === 'https' || (redirect === 'https-elsewhere' && (code === 301 || code === 308));
    return moved
      ? pass('The API endpoint speaks TLS and redirects plain HTTP to HTTPS.', evidence)
      : undecided(`${told}, a redirect to another place: it does not show whether the API is served there.`, evidence);
  }
  const isPage = (code >= 200 && code < 300) || (code >= 400 && code < 500 && ![401, 403, 407].includes(code));
  return isPage
    ? pass(`${told} and a page that is no answer of the API.`, evidence)
    : undecided(`${told}: it does not show whether the API is behind it.`, evidence);
};

const judgePlain = ({ plain }: ApiEndpoint): Answer => {
  const evidence: readonly Evidence[] = [
    { source: 'TLS handshake with the API endpoint', observed: 'completed' },
    { source: 'plain HTTP request to the same port', observed: plain.text || plain.kind },
  ];
  switch (plain.kind) {
    case 'closed':
    case 'silent':
    case 'tls-alert':
      return pass('The API endpoint speaks TLS and gives plain HTTP no answer.', evidence);
    case 'http':
      return judgeHttp(plain, evidence);
    case 'other':
    case 'not-asked':
      return undecided('What the API endpoint answers to plain HTTP does not show.', evidence);
  }
};

/** @param front what a proxy answers is no answer of the cluster, and who answers has to be known for a pass */
const judgeEndpoint = (endpoint: ApiEndpoint, front: Front): Answer => {
  if (front.answers === 'proxy') return undecided(front.message);
  if (endpoint.scheme === 'http') {
    const evidence = [{ source: 'address of the API endpoint', observed: `http${endpoint.loopback === true ? ', on loopback' : ''}` }];
    return endpoint.loopback === true
      ? undecided(
          'The connection goes by plain HTTP to a loopback address, where a program such as kubectl proxy answers: the API endpoint itself was not checked.',
          evidence,
        )
      : fail('The API endpoint is plain HTTP.', evidence);
  }
  if (!endpoint.tls) return undecided('No TLS handshake with the API endpoint was completed.');
  const answer = judgePlain(endpoint);
  return answer.outcome === 'pass' && front.answers === 'unknown' ? undecided(front.message, answer.evidence) : answer;
};

/** The first branch whose API server works with no component that could serve plain HTTP: 1.24 took `--port` away, and one minor of skew is allowed. */
const withoutPlainPort = '1.25';

const servesPlainHttp = ({ flags }: ServingPods[number]): boolean => flags['port'] !== undefined && flags['port'] !== '0';

/**
 * The controller manager and the scheduler: an insecure port breaks it. Kubernetes 1.24 removed it, so that for newer clusters the version is enough, also
 * if their pods do not show (https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.24.md).
 */
const judgeServingPods = (pods: ServingPods, version: { readonly gitVersion: string } | Unavailable): Answer => {
  const evidence: readonly Evidence[] = pods.map(({ name, flags }) => ({
    source: `pod kube-system/${name}`,
    observed: `port ${flags['port'] ?? '(absent)'}, secure-port ${flags['secure-port'] ?? '(absent)'}`,
  }));
  const plain = pods.filter(servesPlainHttp);
  if (plain.length > 0)
    return fail(`Plain HTTP is served by ${listed(plain.map((p) => `${p.name} (port ${p.flags['port'] ?? ''})`))}.`, evidence);
  const minor = isUnavailable(version) ? undefined : parseVersion(version.gitVersion)?.minor;
  if (minor !== undefined && compareMinors(minor, withoutPlainPort) >= 0)
    return pass(`Controller managers and schedulers of Kubernetes ${minor} serve only HTTPS.`, evidence);
  const shown = servingComponents.filter((component) => pods.some((p) => p.component === component && p.flags['port'] === '0'));
  const silent = pods.filter(({ flags }) => flags['port'] === undefined);
  if (shown.length === servingComponents.length && silent.length === 0)
    return pass('Controller managers and schedulers serve only HTTPS: port is 0.', evidence);
  const what = isUnavailable(version) ? version.detail : `version ${formatVersion(version.gitVersion)}`;
  return undecided(`Whether controller manager and scheduler serve plain HTTP does not show (${what}).`, evidence);
};

const byServingPods: Rung = {
  rung: 'read',
  facts: [servingPods, serverVersion],
  answer: (facts) => {
    const pods = factOf(facts, servingPods);
    return isUnavailable(pods) ? [pods] : judgeServingPods(pods, factOf(facts, serverVersion));
  },
};

export const endpointsHttps: Requirement = {
  id: 'endpoints-https',
  level: 'MUST',
  title: 'All endpoints that can be seen are secured by HTTPS',
  clause: '#standard',
  remediation:
    'Serve the Kubernetes API only by HTTPS, close plain HTTP on the load balancer in front of it, and set readOnlyPort: 0 for every kubelet.',
  ladder: together(
    [
      { name: '', ladder: [behindFront(apiEndpoint, judgeEndpoint)] },
      { name: '', ladder: [byServingPods] },
      { name: '', ladder: kubeletHttps.ladder },
    ],
    '',
    'behave',
  ),
  settledBy: { nextStep: 'Run it where the API endpoint can be reached directly, with the right to get nodes/proxy.' },
};
