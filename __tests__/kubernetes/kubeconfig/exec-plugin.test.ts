import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { base64, startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { shown } from '../../helpers/shown.js';

/** Plugins are small programs for Node in a directory of the test; they log their runs there. */
let directory = '';
let server: ApiServer;
let live: Live | undefined;
const v1 = 'client.authentication.k8s.io/v1';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-exec-'));
});
afterAll(() => rm(directory, { recursive: true }));
beforeEach(async () => {
  server = await startApiServer({ authorizations: ['Bearer issued-token-1'], routes: { 'GET /x': {} } });
});
afterEach(async () => {
  await live?.opened.close();
  live = undefined;
  await server.close();
});

let serial = 0;
/** Writes a program; `log(text)` in it adds a line to what `runs` gives. */
const plugin = async (code: string): Promise<{ path: string; runs: () => Promise<string[]> }> => {
  const path = join(directory, `plugin-${++serial}.mjs`);
  const log = `${path}.log`;
  const prelude = `#!${process.execPath}\nimport { appendFileSync } from 'node:fs';\nconst log = (text) => appendFileSync(${JSON.stringify(log)}, text + '\\n');\n`;
  const credential = `const print = (status, apiVersion = ${JSON.stringify(v1)}) => console.log(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));\n`;
  await writeFile(path, prelude + credential + code);
  await chmod(path, 0o755);
  return { path, runs: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '') };
};
const user = (command: string, more: object = {}): object => ({
  exec: { apiVersion: v1, command, interactiveMode: 'IfAvailable', ...more },
});

describe('a plugin that works', () => {
  test('it issues a token, once for many requests', async () => {
    const { path, runs } = await plugin(`log('run'); print({ token: 'issued-token-1' });`);
    const { api } = (live = await openLive({ kubeconfig: server.kubeconfig(user(path)) }));
    await Promise.all(Array.from({ length: 10 }, () => api.request({ path: '/x' })));
    expect(await runs()).toEqual(['run']);
    expect(live.context.hidden).toContain('issued-token-1');
  });
  test('it issues a client certificate', async () => {
    const pair = server.authority.issue({ commonName: 'by-plugin' });
    const { path } = await plugin(
      `print({ clientCertificateData: ${JSON.stringify(pair.certificate)}, clientKeyData: ${JSON.stringify(pair.key)} });`,
    );
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)) });
    expect(server.requests[0]?.certificateOf).toBe('by-plugin');
    expect(live.context.hidden).toContain(pair.key.split('\n')[1]);
  });
  test('it is told of the cluster, gets its own environment and arguments, and none of our inputs', async () => {
    const { path, runs } = await plugin(
      `log(JSON.stringify({ info: JSON.parse(process.env.KUBERNETES_EXEC_INFO), args: process.argv.slice(2), own: process.env.OWN, home: process.env.HOME, input: process.env.INPUT_TOKEN ?? null })); print({ token: 'issued-token-1' });`,
    );
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } }];
    const exec = user(path, { provideClusterInfo: true, args: ['get', '--cluster=a'], env: [{ name: 'OWN', value: 'yes' }] });
    live = await openLive({ kubeconfig: server.kubeconfig(exec, { extensions }) }, { HOME: '/home/x', INPUT_TOKEN: 'ghs_not-for-plugins' });
    const [line = '{}'] = await runs();
    expect(JSON.parse(line)).toEqual({
      info: {
        apiVersion: v1,
        kind: 'ExecCredential',
        spec: {
          interactive: false,
          cluster: { server: server.url, 'certificate-authority-data': base64(server.authority.certificate), config: { audience: 'me' } },
        },
      },
      args: ['get', '--cluster=a'],
      own: 'yes',
      home: '/home/x',
      input: null,
    });
  });
  test('without provideClusterInfo it is not told of the cluster', async () => {
    const { path, runs } = await plugin(`log(process.env.KUBERNETES_EXEC_INFO); print({ token: 'issued-token-1' });`);
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)) });
    expect(JSON.parse((await runs())[0] ?? '')).toEqual({ apiVersion: v1, kind: 'ExecCredential', spec: { interactive: false } });
  });
  test('v1beta1', async () => {
    const beta = 'client.authentication.k8s.io/v1beta1';
    const { path } = await plugin(`print({ token: 'issued-token-1' }, ${JSON.stringify(beta)});`);
    live = await openLive({ kubeconfig: server.kubeconfig(user(path, { apiVersion: beta })) });
    expect(server.requests).toHaveLength(1);
  });
  test('a relative command starts from the directory of the kubeconfig', async () => {
    const { path } = await plugin(`print({ token: 'issued-token-1' });`);
    await mkdir(join(directory, 'conf'), { recursive: true });
    const file = join(directory, 'conf', 'config');
    await writeFile(file, server.kubeconfig(user(`../${path.split('/').pop() ?? ''}`)));
    live = await openLive({ kubeconfig: file });
    expect(server.requests).toHaveLength(1);
  });
  test('a bare command is looked for on the PATH', async () => {
    const { path } = await plugin(`print({ token: 'issued-token-1' });`);
    live = await openLive({ kubeconfig: server.kubeconfig(user(path.split('/').pop() ?? '')) }, { PATH: directory });
    expect(server.requests).toHaveLength(1);
  });
  test('a daemon that it leaves behind with its output open does not keep us waiting', async () => {
    const { path } = await plugin(
      `import { spawn } from 'node:child_process'; spawn('sleep', ['20'], { stdio: 'inherit', detached: true }).unref(); print({ token: 'issued-token-1' });`,
    );
    const begun = performance.now();
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)), execTimeoutMs: 15_000 }, { PATH: process.env['PATH'] ?? '' });
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});

describe('renewal', () => {
  /** Issues issued-token-1, issued-token-2 ... */
  const counting = (more = ''): Promise<{ path: string; runs: () => Promise<string[]> }> =>
    plugin(
      `import { readFileSync } from 'node:fs'; log('run'); const n = readFileSync(process.argv[1] + '.log', 'utf8').trim().split('\\n').length; print({ token: 'issued-token-' + n${more} });`,
    );

  test('after a 401, once for all requests that saw it', async () => {
    const { path, runs } = await counting();
    const { api } = (live = await openLive({ kubeconfig: server.kubeconfig(user(path)) }));
    server.authorizations.splice(0, 1, 'Bearer issued-token-2');
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.request({ path: '/x' })));
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await runs()).toHaveLength(2);
  });
  test('a 401 that stays is handed on after one renewal', async () => {
    const { path, runs } = await counting();
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)) });
    server.authorizations.splice(0);
    expect((await live.api.request({ path: '/x' })).status).toBe(401);
    expect(await runs()).toHaveLength(2);
  });
  test('after its expirationTimestamp', async () => {
    const { path, runs } = await counting(`, expirationTimestamp: new Date(Date.now() + 1500).toISOString()`);
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)) });
    server.authorizations.push('Bearer issued-token-2');
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect((await live.api.request({ path: '/x' })).status).toBe(200);
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer issued-token-2');
    expect(await runs()).toHaveLength(2);
  });
  test('a plugin that fails later makes facts unavailable, and ends nothing', async () => {
    const { path } = await plugin(
      `import { existsSync, writeFileSync } from 'node:fs'; const mark = process.argv[1] + '.mark'; if (existsSync(mark)) process.exit(3); writeFileSync(mark, ''); print({ token: 'issued-token-1' });`,
    );
    live = await openLive({ kubeconfig: server.kubeconfig(user(path)) });
    server.authorizations.splice(0);
    await expect(live.api.request({ path: '/x' })).rejects.toMatchObject({
      reason: 'unauthorized',
      message: expect.stringMatching(/ended with exit code 3/),
    });
  });
});

describe('a plugin that does not work', () => {
  test.each<[string, string, RegExp]>([
    [
      'exit code',
      `console.error('login required'); process.exit(2);`,
      /ended with exit code 2 and said: login required\. Run it by hand on this machine/,
    ],
    ['a signal', `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000);`, /was ended by SIGTERM/],
    ['no JSON', `console.log('token: issued-token-1');`, /printed something that is not JSON/],
    ['nothing', ``, /printed something that is not JSON/],
    ['other JSON', `console.log('{"token":"issued-token-1"}');`, /no ExecCredential with a status/],
    [
      'another version',
      `print({ token: 'issued-token-1' }, 'client.authentication.k8s.io/v1beta1');`,
      /answered in client\.authentication\.k8s\.io\/v1beta1, and the kubeconfig asks for client\.authentication\.k8s\.io\/v1\. Set apiVersion/,
    ],
    ['neither token nor certificate', `print({});`, /issued neither a token nor a certificate/],
    ['a certificate without its key', `print({ clientCertificateData: 'x' });`, /a certificate without its key/],
    [
      'a certificate that is none',
      `print({ clientCertificateData: 'x', clientKeyData: 'y' });`,
      /The client key of the credential plugin .* is no private key/,
    ],
    [
      'what has expired already',
      `print({ token: 'issued-token-1', expirationTimestamp: '2020-01-01T00:00:00Z' });`,
      /had expired already \(2020-01-01T00:00:00\.000Z\)\. Check this machine's clock/,
    ],
    [
      'an expiry that is no date',
      `print({ token: 'issued-token-1', expirationTimestamp: 'soon' });`,
      /expirationTimestamp that is no date/,
    ],
    ['output without end', `setInterval(() => process.stdout.write('x'.repeat(100000)), 1);`, /printed more than a credential/],
  ])('%s', async (_title, code, message) => {
    const { path } = await plugin(code);
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(user(path)) });
    expect(error.message).toMatch(message);
    expect(shown(error)).not.toContain('issued-token-1');
    expect(server.requests).toHaveLength(0);
  });
  test('one that waits for someone is ended, with everything that it started', async () => {
    const { path, runs } = await plugin(
      `import { spawn } from 'node:child_process'; const child = spawn('sleep', ['30'], { stdio: 'ignore' }); log(String(child.pid)); setTimeout(() => {}, 30000);`,
    );
    const begun = performance.now();
    const error = await refusedToOpen(
      { kubeconfig: server.kubeconfig(user(path)), execTimeoutMs: 1_500 },
      { PATH: process.env['PATH'] ?? '' },
    );
    expect(error.message).toMatch(/did not finish within 1\.5 s\. It may wait for someone to log in/);
    expect(performance.now() - begun).toBeLessThan(5_000);
    const [pid = ''] = await runs();
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Gone, or dead and not yet collected by whoever adopted it.
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '(sleep) Z');
    expect(state).toMatch(/\) Z/);
  });
  test('one that is not installed: its own hint', async () => {
    const error = await refusedToOpen(
      { kubeconfig: server.kubeconfig(user('no-such-plugin', { installHint: 'Get it at\n  https://example.org' })) },
      { PATH: directory },
    );
    expect(error.message).toBe('The credential plugin "no-such-plugin" was not found. Its kubeconfig says: Get it at https://example.org');
  });
  test('one that is not executable', async () => {
    const { path } = await plugin('');
    await chmod(path, 0o644);
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig(user(path)) })).message).toMatch(
      /could not be started \(EACCES\)\. Make it executable/,
    );
  });
  test.each<[string, object, RegExp]>([
    [
      'v1alpha1',
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      /asks for client\.authentication\.k8s\.io\/v1alpha1; .*v1 and .*v1beta1 are supported/,
    ],
    ['one that insists on asking', { interactiveMode: 'Always' }, /wants to ask someone/],
    ['none', { command: null }, /names no command/],
    ['a relative path in a text', { command: './plugin' }, /relative path, but the kubeconfig was given as text/],
  ])('%s', async (_title, more, message) => {
    expect((await refusedToOpen({ kubeconfig: server.kubeconfig(user('x', more)) })).message).toMatch(message);
  });
  test('plugins that are denied are not run', async () => {
    const { path, runs } = await plugin(`log('run');`);
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(user(path)), execPlugins: 'deny' });
    expect(error.message).toMatch(/credential plugins are denied; set the input "exec-plugins" to allow/);
    expect(await runs()).toEqual([]);
  });
});

describe('what a plugin complains about', () => {
  test('the beginning and the end of much that it says', async () => {
    const { path } = await plugin(
      `process.stderr.write('error: the cause comes first\\n'); for (let i = 0; i < 3000; i++) process.stderr.write('a line of a frame ' + i + '\\n'); process.stderr.write('ValueError: and again at the end\\n'); process.exitCode = 1;`,
    );
    const { message } = await refusedToOpen({ kubeconfig: server.kubeconfig(user(path)) });
    expect(message).toContain('error: the cause comes first');
    expect(message).toContain('ValueError: and again at the end');
  });
  test('what it asked for until its time was over', async () => {
    const { path } = await plugin(`console.error('please open https://example.org/login'); setTimeout(() => {}, 30000);`);
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(user(path)), execTimeoutMs: 1_500 });
    expect(error.message).toContain('did not finish within 1.5 s and said: please open https://example.org/login. It may wait');
  });
  test('a hint about its installation', async () => {
    const installHint = 'Install it:\n  curl https://ci:hunter22@example.org/get?token=abc | sh\u202e';
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(user('no-such-plugin', { installHint })) }, { PATH: directory });
    expect(error.message).toContain('Install it: curl https://***@example.org/get?*** | sh');
    expect(shown(error)).not.toMatch(/hunter22|abc|\u202e/);
  });
  test('a secret on stderr reaches no error', async () => {
    const { path } = await plugin(`console.error('failed with ' + process.argv[2] + ' and ' + process.env.MY_SECRET); process.exit(1);`);
    const exec = user(path, { args: ['--token=tok-9'], env: [{ name: 'MY_SECRET', value: 'sec-77' }] });
    const error = await refusedToOpen({ kubeconfig: server.kubeconfig(exec) });
    expect(error.message).toMatch(/ended with exit code 1/);
    expect(error.message).toContain('and said: failed with --token=*** and ***');
    expect(shown(error)).not.toMatch(/sec-77|tok-9/);
  });
});
