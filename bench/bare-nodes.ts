// The floor: the same pages over one keep-alive connection, parsed and dropped.
import { Agent, get } from 'node:https';

const [url = '', ca = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, ca });

const fetchText = (path: string): Promise<string> =>
  new Promise((done, failed) => {
    get(`${url}${path}`, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks).toString('utf8')));
    }).on('error', failed);
  });

const main = async (): Promise<void> => {
  const started = performance.now();
  let next = '';
  do {
    const page = JSON.parse(await fetchText(`/api/v1/nodes?limit=250${next === '' ? '' : `&continue=${next}`}`)) as {
      metadata: { continue?: string };
      items: unknown[];
    };
    next = page.metadata.continue ?? '';
  } while (next !== '');
  process.send?.({ ms: performance.now() - started, cpu: process.cpuUsage().user / 1_000, rss: process.resourceUsage().maxRSS / 1_024 });
  agent.destroy();
  process.disconnect();
};

void main();
