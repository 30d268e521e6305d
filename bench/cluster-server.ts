// Serves the recorded answers of a real cluster, so that the suite can be measured where there is none.
import { startRecordedCluster } from '../__tests__/helpers/recorded-cluster.js';

const main = async (): Promise<void> => {
  const cluster = await startRecordedCluster();
  process.send?.({ kubeconfig: cluster.lane().kubeconfig(), url: cluster.server.url, ca: '' });
  process.on('disconnect', () => process.exit());
};

void main();
