// Notes what one run of the light suite sends, for the floor.
import { writeFileSync } from 'node:fs';
import { collect } from '../src/run/collect.js';
import { GuardedDryRuns } from '../src/kubernetes/dry-runs.js';
import { factsToCollect } from '../src/evaluation/build-report.js';
import type { Api } from '../src/model/ports.js';
import { selectStandards } from '../src/standards/select.js';
import { createDocuments } from '../src/run/documents.js';
import { kubeconfigDefaults, kubeconfigSource } from '../src/sources/kubeconfig.js';
import { standards } from '../src/standards/index.js';
import type { Sent } from './bare.js';
import { quietRuntime } from './runtime.js';

const main = async (): Promise<void> => {
  const [kubeconfig = '', list = ''] = process.argv.slice(2);
  const runtime = quietRuntime();
  const opened = await kubeconfigSource.open({ ...kubeconfigDefaults, kubeconfig }, runtime);
  if (!opened.cluster.live) throw new Error('the cluster is not live');
  const { api, network } = opened.cluster;
  const sent: Sent[] = [{ method: 'GET', path: '/version', headers: {}, body: '' }];
  const noted: Api = {
    request: (r) => {
      if (r.bearerToken === undefined)
        sent.push({
          method: r.method ?? 'GET',
          path: r.path,
          headers: { ...r.headers },
          body: r.body === undefined ? '' : JSON.stringify(r.body),
        });
      return api.request(r);
    },
  };
  const now = new Date();
  const { signal } = new AbortController();
  const documents = createDocuments({ cacheDirectory: runtime.cacheDirectory, offline: true, now, env: {}, secret: () => undefined });
  await collect(
    factsToCollect(selectStandards(standards, []), 'light'),
    {
      api: noted,
      dryRuns: new GuardedDryRuns(noted, noted, signal),
      network,
      documents,
      now,
      clock: () => new Date(),
      secret: () => undefined,
    },
    signal,
  );
  await opened.close();
  writeFileSync(list, JSON.stringify(sent));
  process.send?.({ requests: sent.length });
  process.disconnect();
};

void main();
