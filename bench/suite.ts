// The light suite on the cluster of a kubeconfig: opened, looked at, judged, closed.
import { lightSuite } from './runtime.js';

const main = async (): Promise<void> => {
  const started = performance.now();
  await lightSuite(process.argv[2] ?? '');
  process.send?.({ ms: performance.now() - started, cpu: process.cpuUsage().user / 1_000, rss: process.resourceUsage().maxRSS / 1_024 });
  process.disconnect();
};

void main();
