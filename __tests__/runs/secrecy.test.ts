import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusBody } from '../helpers/api-faults.js';
import { base64 } from '../helpers/api-server.js';
import { textsOf } from '../helpers/every-output.js';
import { startProxy, type Proxy } from '../helpers/proxy.js';
import {
  answered,
  recordingOf,
  startRecordedCluster,
  type RecordedCluster,
  type Trouble,
  type TroubleMaker,
} from '../helpers/recorded-cluster.js';
import { madeUpToken } from '../helpers/recorded-answers.js';
import { leaksIn, tracesOf } from '../helpers/secret-forms.js';
import { shown } from '../helpers/shown.js';
import { quickTroubles } from '../helpers/troubles.js';
import { inTurns, refusedRun, reported, wholeRun, type RefusedRun, type WholeRun } from '../helpers/whole-run.js';
import { program } from '../helpers/program.js';
import { workflowStep } from '../helpers/workflow-step.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/**
 * Nothing that a kubeconfig holds to log in by stands in anything that a run prints or writes, whatever goes wrong, and whatever the server
 * does with what it was shown.
 */
const token = 'kubeconfig-T0ken/with+odd=characters~k8s-aws-v1.aHR0cHM6Ly9zdHM';
const password = 'pa55 wörd|"<&>\'with`odd*characters';
const proxyPassword = 'pr0xy:p@ss/word?#';
const pluginToken = 'issued-by-the-plugin-0123456789abcdef';

let cluster: RecordedCluster;
let proxy: Proxy;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  cluster = await startRecordedCluster(recordingOf('good'));
  proxy = await startProxy({ credentials: `someone:${proxyPassword}` });
});
afterAll(async () => {
  await cluster.close();
  await proxy.close();
  await rm(directory, { recursive: true });
});
const file = async (name: string, text: string, mode = 0o600): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
};
const plugin = (name: string, code: string): Promise<string> => file(name, `#!${process.execPath}\n${code}`, 0o755);
const exec = (command: string): object => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } });
const credential = (status: object): string =>
  `console.log(JSON.stringify(${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })}));`;

interface Login {
  readonly user: object;
  readonly cluster?: object;
  readonly secrets: readonly string[];
}
const viaProxy = (secret: string): string => `http://someone:${encodeURIComponent(secret)}@127.0.0.1:${proxy.port}`;

/** Ways to log in; each has secrets of its own. */
const logins: Readonly<Record<string, () => Promise<Login>>> = {
  'a token': () => Promise.resolve({ user: { token }, secrets: [token] }),
  'a token file': async () => ({ user: { tokenFile: await file('token', `${token}\n`) }, secrets: [token] }),
  'a user name and a password': () =>
    Promise.resolve({ user: { username: 'admin-of-all', password }, secrets: [password, base64(`admin-of-all:${password}`)] }),
  'a client certificate': () => {
    const pair = cluster.server.authority.issue({ commonName: 'me' });
    return Promise.resolve({
      user: { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) },
      secrets: [pair.certificate, pair.key],
    });
  },
  'a client certificate in files': async () => {
    const pair = cluster.server.authority.issue({ commonName: 'me' });
    const [certificate, key] = [await file('certificate.pem', pair.certificate), await file('key.pem', pair.key)];
    return { user: { 'client-certificate': certificate, 'client-key': key }, secrets: [pair.certificate, pair.key] };
  },
  'a plugin that issues a token': async () => ({
    user: exec(await plugin('a', credential({ token: pluginToken }))),
    secrets: [pluginToken],
  }),
  'a plugin that issues a certificate': async () => {
    const pair = cluster.server.authority.issue({ commonName: 'by-plugin' });
    return {
      user: exec(await plugin('b', credential({ clientCertificateData: pair.certificate, clientKeyData: pair.key }))),
      secrets: [pair.certificate, pair.key],
    };
  },
  'a token through a proxy with a password': () =>
    Promise.resolve({ user: { token }, cluster: { 'proxy-url': viaProxy(proxyPassword) }, secrets: [token, proxyPassword] }),
};

/** Logins that fail on the way; each would give something away if it were said how. */
const hopeless: typeof logins = {
  'a plugin that fails and says too much': async () => ({
    user: exec(await plugin('c', `console.error('token: ${pluginToken}'); console.log('${pluginToken}'); process.exit(1);`)),
    secrets: [pluginToken],
  }),
  'a plugin that prints no credential': async () => ({
    user: exec(await plugin('d', `console.log('${pluginToken}');`)),
    secrets: [pluginToken],
  }),
  'a plugin whose credential has expired': async () => ({
    user: exec(await plugin('e', credential({ token: pluginToken, expirationTimestamp: '2020-01-01T00:00:00Z' }))),
    secrets: [pluginToken],
  }),
  'a plugin with a secret in its environment and arguments': async () => ({
    user: {
      exec: {
        ...(exec(await plugin('f', 'console.error(process.env.MY_SECRET); process.exit(2);')) as { exec: object }).exec,
        env: [{ name: 'MY_SECRET', value: pluginToken }],
      },
    },
    secrets: [pluginToken],
  }),
  'a proxy that does not take the password': () =>
    Promise.resolve({ user: { token }, cluster: { 'proxy-url': viaProxy('wr0ng-p@ssword/!') }, secrets: [token, 'wr0ng-p@ssword/!'] }),
  'a proxy password that is not encoded': () =>
    Promise.resolve({
      user: { token },
      cluster: { 'proxy-url': `http://someone:${proxyPassword}@127.0.0.1:${proxy.port}` },
      secrets: [token, proxyPassword],
    }),
  'a proxy URL that cannot be read': () =>
    Promise.resolve({ user: { token }, cluster: { 'proxy-url': `http://someone:${proxyPassword}@[` }, secrets: [token, proxyPassword] }),
  'a token that is broken by a blank': () => Promise.resolve({ user: { token: `${token} and-the-rest` }, secrets: [token] }),
  'a certificate with a key of another one': () => {
    const [one, other] = [cluster.server.authority.issue(), cluster.server.authority.issue()];
    return Promise.resolve({
      user: { 'client-certificate-data': base64(one.certificate), 'client-key-data': base64(other.key) },
      secrets: [one.certificate, other.key],
    });
  },
  'a key that is none': () => {
    const { certificate, key } = cluster.server.authority.issue();
    const broken = key.replace(/A/g, 'B');
    return Promise.resolve({
      user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(broken) },
      secrets: [certificate, broken],
    });
  },
};

/** What a server may do with what it was shown: says it in every way, in words of its own and in what it answers. */
const echo = (secrets: readonly string[], authorization: string | undefined): string =>
  [authorization ?? '', ...secrets, ...secrets.map(base64), ...secrets.map(encodeURIComponent)].join(' ; ');
const inEveryText = (value: unknown, text: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => inEveryText(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' &&
      /^(zone|region|topology.*|gitVersion|provisioner|controller|mode|reason|message|image|kubeletVersion|etcd-servers)$/.test(key)
        ? `${inner} ${text}`
        : inEveryText(inner, text),
    ]),
  );
};
const echoing =
  (secrets: readonly string[], how: 'refuses' | 'fails' | 'answers'): TroubleMaker =>
  (endpoint, nth, recorded, request): Trouble | undefined => {
    const text = echo(secrets, request.headers.authorization);
    if (how !== 'answers' && endpoint === 'GET /version' && nth === 1) return undefined;
    if (how === 'refuses')
      return {
        kind: 'answer',
        answer: {
          status: 403,
          headers: { warning: `299 - "${text.replace(/[^\x20-\x7e]+/g, ' ')}"` },
          body: statusBody(403, `User "${text}" cannot get it: ${text}`, 'Forbidden'),
        },
      };
    // A status that is not asked again.
    if (how === 'fails') return { kind: 'answer', answer: { status: 501, body: statusBody(501, text) } };
    try {
      return answered(inEveryText(JSON.parse(String(recorded?.body)), text), recorded?.status);
    } catch {
      return undefined;
    }
  };

/** A long text before what is echoed, so that every bound on a text falls into it once. */
const cutting =
  (secrets: readonly string[]): TroubleMaker =>
  (endpoint, nth, recorded): Trouble | undefined => {
    const text = (length: number): string => `${'x'.repeat(length)} ${secrets[0] ?? ''}`;
    if (endpoint === 'GET /version') return nth === 1 ? undefined : answered({ gitVersion: text(170) });
    if (endpoint === 'GET /api/v1/nodes') return answered(inEveryText(JSON.parse(String(recorded?.body)), text(220)));
    return { kind: 'answer', answer: { status: 403, body: statusBody(403, text(570), 'Forbidden') } };
  };

/** What goes wrong, if anything. */
const weathers: Readonly<Record<string, (secrets: readonly string[]) => TroubleMaker>> = {
  'nothing goes wrong': () => () => undefined,
  'everything is refused by an echo': (secrets) => echoing(secrets, 'refuses'),
  'everything fails with an echo': (secrets) => echoing(secrets, 'fails'),
  'every answer holds an echo': (secrets) => echoing(secrets, 'answers'),
  'every bound of a text falls into an echo': cutting,
  'the first answer is an error that ends in the middle of an echo': (secrets) => () => ({
    kind: 'answer',
    answer: { status: 500, body: statusBody(500, `${'x'.repeat(570)} ${secrets[0] ?? ''}`) },
  }),
  'the first answer is an error with an echo': (secrets) => (_endpoint, _nth, _recorded, request) => ({
    kind: 'answer',
    answer: { status: 500, body: statusBody(500, echo(secrets, request.headers.authorization)) },
  }),
  'the first answer is a redirect with an echo': (secrets) => (_endpoint, _nth, _recorded, request) => ({
    kind: 'answer',
    answer: {
      status: 302,
      headers: { location: `https://x.example.org/${encodeURIComponent(echo(secrets, request.headers.authorization))}` },
      body: '',
    },
  }),
  ...Object.fromEntries(
    ['401', 'HTML with 200', 'JSON that stops in the middle'].map((kind) => [`${kind} on everything`, () => () => quickTroubles[kind]]),
  ),
};

/** What a run gave, as texts by where they are seen. What is thrown away is not, but for the causes of an error. */
const textsOfRun = (it: WholeRun | RefusedRun): Readonly<Record<string, string>> =>
  'error' in it
    ? { told: it.told.join('\n'), error: shown(it.error) }
    : { told: it.told.join('\n'), ...textsOf(it.report), report: JSON.stringify(it.report), snapshot: it.snapshot };

describe('who never gets as far as the server', () => {
  test.each(Object.keys(hopeless))('%s', async (name) => {
    const { user, cluster: where, secrets } = await hopeless[name]!();
    const it = await wholeRun({ kubeconfig: cluster.lane().kubeconfig(user, where) });
    expect(refusedRun(it).error.problems.join()).not.toBe('');
    expect(leaksIn(textsOfRun(it), tracesOf(secrets))).toEqual([]);
  });
});

describe('whatever the weather', () => {
  test.each(Object.keys(logins))(
    '%s',
    async (name) => {
      const { user, cluster: where, secrets } = await logins[name]!();
      const traces = tracesOf([...secrets, madeUpToken]);
      const leaks: string[] = [];
      let reports = 0;
      await inTurns(Object.entries(weathers), 6, async ([weather, trouble]) => {
        const it = await wholeRun({ kubeconfig: cluster.lane(trouble(secrets)).kubeconfig(user, where) });
        if ('report' in it) reports++;
        if (weather === 'every answer holds an echo') expect(JSON.stringify(reported(it).report)).toContain('***');
        leaks.push(...leaksIn(textsOfRun(it), traces).map((leak) => `${weather}: ${leak}`));
      });
      expect(leaks).toEqual([]);
      expect(reports).toBe(5);
    },
    60_000,
  );
});

describe('the entries themselves', () => {
  const shownTo = (server: RecordedCluster): boolean => server.server.requests.some((r) => r.headers.authorization === `Bearer ${token}`);
  test.each(['table', 'json', 'markdown'])('the program, with the format %s and a server that echoes', async (format) => {
    const kubeconfig = await file('kubeconfig', cluster.lane(echoing([token], 'answers')).kubeconfig({ token }));
    const it = await program(['check', '--kubeconfig', kubeconfig, '--offline', '--verbose', '--format', format]);
    expect(it.stdout.length).toBeGreaterThan(10_000);
    expect(shownTo(cluster)).toBe(true);
    expect(leaksIn({ stdout: it.stdout, stderr: it.stderr }, tracesOf([token, madeUpToken]))).toEqual([]);
  });
  test('the program, where the first answer is an error with an echo', async () => {
    const text = cluster.lane(weathers['the first answer is an error with an echo']!([token])).kubeconfig({ token });
    const it = await program(['check', '--offline'], { env: { KUBECONFIG: base64(text) } });
    expect(it).toMatchObject({ code: 3, stdout: '' });
    expect(it.stderr).toContain('it answers with 500');
    expect(leaksIn({ stderr: it.stderr }, tracesOf([token, text]))).toEqual([]);
  });
  test.each(['every answer holds an echo', 'the first answer is an error with an echo'])('the action: %s', async (weather) => {
    const text = cluster.lane(weathers[weather]!([token])).kubeconfig({ token });
    const step = await workflowStep({ kubeconfig: text, offline: 'true', 'github-token': 'ghs_tokenOfTheWorkflow0123456789' });
    // What is masked is told to the runner, which takes it out of the log.
    const log = step.ended.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(step.ended.stdout).toContain(`::add-mask::${token}`);
    expect(
      leaksIn(
        { log: log.join('\n'), stderr: step.ended.stderr, summary: step.summary, outputs: step.outputs, ...step.files },
        tracesOf([token, madeUpToken, 'ghs_tokenOfTheWorkflow0123456789']),
      ),
    ).toEqual([]);
  });
});
