/**
 * Records what a real API server answers to a run: `node --experimental-transform-types scripts/record-answers.ts KUBECONFIG FILE`.
 * The file is a fixture of the tests of whole runs (`__tests__/fixtures/api/`): real answers, without anything that is secret.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { registerHooks } from 'node:module';
import type { RecordedAnswer } from '../__tests__/helpers/recorded-answers.js';
import type { ApiRequest } from '../src/model/ports.js';

// The sources name their imports by what the compiler makes of them (`x.js`); without a compiler they are `x.ts`.
registerHooks({
  resolve: (specifier, context, next) => {
    const relative = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return next(relative ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const { GuardedDryRuns } = await import('../src/kubernetes/dry-runs.js');
const { collect } = await import('../src/run/collect.js');
const { factsToCollect, buildReport } = await import('../src/evaluation/build-report.js');
const { kubeconfigDefaults, kubeconfigSource } = await import('../src/sources/kubeconfig.js');
const { createDocuments } = await import('../src/run/documents.js');
const { standards } = await import('../src/standards/index.js');
const { freshReleaseData } = await import('../__tests__/helpers/fresh-release-data.js');
const { assertHarmless, toRecordedAnswer } = await import('./support/sanitized-answer.js');

const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } };
const [kubeconfig = '', file = ''] = process.argv.slice(2);
const now = new Date();
const signal = new AbortController().signal;
const opened = await kubeconfigSource.open(
  { ...kubeconfigDefaults, kubeconfig },
  { env: process.env, signal, log: console.log, secret: () => undefined, directory: tmpdir() },
);
if (!opened.cluster.live) throw new Error('a kubeconfig leads to a live cluster');
const { api, network } = opened.cluster;
const answers = new Map<string, RecordedAnswer>();
const request = async (asked: ApiRequest) => {
  const response = await api.request(asked);
  const answer = toRecordedAnswer(asked, response);
  // Reviews of our own rights differ in what they ask about alone: one stands for all.
  const own = asked.path.endsWith('/selfsubjectaccessreviews');
  const key = JSON.stringify([answer.method, answer.path, answer.as, own ? '' : answer.spec]);
  // Of the pods of dry runs the privileged one stands for all: what lets it in lets the others in.
  const isLesserPod = asked.method === 'POST' && asked.path.includes('/pods?') && !JSON.stringify(asked.body).includes('"privileged":true');
  // Whether a dry run has stored its object is asked by a name that is another one in each run.
  const isTrace = asked.path.includes('/scs-kaas-probe-') && (asked.method ?? 'GET') === 'GET';
  if (!isTrace && (!isLesserPod || !answers.has(key))) answers.set(key, answer);
  return response;
};
const documents = createDocuments({
  cacheDirectory: tmpdir(),
  offline: true,
  now,
  clock: () => new Date(),
  env: {},
  secret: () => undefined,
  releaseDataFile: { name: 'fresh', text: freshReleaseData(now) },
});
const facts = await collect(
  factsToCollect(standards, 'light'),
  {
    api: { request },
    dryRuns: new GuardedDryRuns({ request }, { request }, signal),
    network,
    documents,
    now,
    clock: () => new Date(),
    secret: () => undefined,
  },
  signal,
);
// What a run asks for only where something else was refused.
const issued = JSON.parse(
  (await api.request({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts/default/token', body: tokenRequest })).text,
) as { status: { token: string } };
await request({
  method: 'POST',
  path: '/apis/authentication.k8s.io/v1/tokenreviews',
  body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: issued.status.token } },
});
await request({ path: '/api/v1/namespaces/default/services/kubernetes' });
const [host = ''] = [...answers.values()].flatMap(({ path }) => /^\/api\/v1\/nodes\/(.*-control-plane)\/proxy/.exec(path)?.[1] ?? []);
await request({ path: `/api/v1/namespaces/kube-system/pods?fieldSelector=${encodeURIComponent(`spec.nodeName=${host}`)}&limit=250` });
await opened.close();

const origin = { name: 'recording', source: 'kubeconfig', detail: '', caveats: [] };
const report = buildReport(standards, facts, now, origin, {
  tier: 'light',
  tool: { name: 'scs-kaas', version: '' },
  locate: () => undefined,
});
const outcomes = Object.fromEntries(report.requirements.map((r) => [r.id, r.outcome]));
const sorted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, answer]) => `  ${JSON.stringify(answer)}`);
const head = JSON.stringify({ recordedAt: now.toISOString(), kubernetes: report.cluster.version, outcomes }, null, 1).replace(/\n\}$/, '');
const text = `${head},\n "answers": [\n${sorted.join(',\n')}\n ]\n}\n`;
assertHarmless(text);
await writeFile(file, text);
console.log(`${file}: ${answers.size} answers, ${text.length} bytes, Kubernetes ${report.cluster.version}`);
