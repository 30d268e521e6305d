import { kubeconfigSource } from '../../src/sources/kubeconfig.js';
import { base64, startApiServer } from '../helpers/api-server.js';
import { quick } from '../helpers/kubeconfig.js';
import { meetsTheContract } from './contract.js';

const linesOf = (pem: string): string[] => pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));

meetsTheContract('kubeconfig', async () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.c2Vuc2l0aXZl.c2lnbmF0dXJl';
  const server = await startApiServer({ authorizations: [`Bearer ${token}`] });
  const { certificate, key } = server.authority.issue({ commonName: 'admin' });
  const user = { token, 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
  return {
    source: kubeconfigSource,
    options: quick({ kubeconfig: server.kubeconfig(user) }),
    broken: quick({
      kubeconfig: server.kubeconfig({ ...user, 'auth-provider': { name: 'gcp', config: { 'access-token': 'ya29.access-token' } } }),
    }),
    secrets: [token, base64(certificate), base64(key), key, ...linesOf(certificate), ...linesOf(key)],
    tearDown: server.close,
  };
});
