// The floor: the same requests at once by a bare keep-alive client, on the cluster of a kubeconfig. Loads nothing of ours.
import { readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:https';
import { parse } from 'yaml';

/** One request, as the suite sends it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Config {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

const bare = async (kubeconfig: string, sent: readonly Sent[]): Promise<void> => {
  const config = parse(kubeconfig.trimStart().startsWith('{') ? kubeconfig : readFileSync(kubeconfig, 'utf8')) as Config;
  const { server = '', 'certificate-authority-data': ca = '' } = config.clusters[0]?.cluster ?? {};
  const user = config.users[0]?.user ?? {};
  const pem = (key: string): string | undefined =>
    user[key] === undefined ? undefined : Buffer.from(user[key], 'base64').toString('utf8');
  const [cert, key] = [pem('client-certificate-data'), pem('client-key-data')];
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: Buffer.from(ca, 'base64'),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
  const one = (s: Sent): Promise<number> =>
    new Promise((done, failed) => {
      const token = user['token'] === undefined ? {} : { authorization: `Bearer ${user['token']}` };
      const headers = { ...token, ...(s.body === '' ? {} : { 'content-type': 'application/json' }), ...s.headers };
      send(`${server}${s.path}`, { agent, method: s.method, headers }, (response) => {
        response.on('data', () => undefined).on('end', () => done(response.statusCode ?? 0));
      })
        .on('error', failed)
        .end(s.body);
    });
  await Promise.all(sent.map(one));
  agent.destroy();
};

const main = async (): Promise<void> => {
  const [kubeconfig = '', list = ''] = process.argv.slice(2);
  const sent = JSON.parse(readFileSync(list, 'utf8')) as readonly Sent[];
  const started = performance.now();
  await bare(kubeconfig, sent);
  process.send?.({ ms: performance.now() - started, cpu: process.cpuUsage().user / 1_000, rss: process.resourceUsage().maxRSS / 1_024 });
  process.disconnect();
};

void main();
