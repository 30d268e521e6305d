import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputSpecs } from '../../src/inputs/list.js';
import { UserError } from '../../src/model/errors.js';
import { parseArguments, secretInputs, variableOf } from '../../src/cli/arguments.js';
import { helpText } from '../../src/cli/help.js';
import { readSecretTexts, warningsOf, withSecrets as bring, type WithSecrets } from '../../src/cli/secrets.js';
import { program } from '../helpers/program.js';

const core = 'hunter22';
const token = `ghp_${core}${'aB3'.repeat(9)}`;
const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    token: ${token}\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64(`${core}-key`.repeat(9))}\n-----END OPENSSH PRIVATE KEY-----\n`;

/** Every way in which somebody may put a secret, or a name with it, into an argument. */
const forms: readonly (readonly [string, string])[] = [
  ['a token', token],
  ['a token of Gitea', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'],
  ['a JWT', `eyJhbGciOiJSUzI1NiJ9.${base64(core)}.c2ln`],
  ['a login', `example-cloud:${core}`],
  ['a login with a name that looks like a file’s', `example.cloud:${core}.pw`],
  ['a login in Base64', base64(`example-cloud:${core}`)],
  ['a password alone', `${core}-pa55`],
  ['a name alone', 'example-cloud'],
  ['a header', `Basic ${base64(`example-cloud:${core}`)}`],
  ['a key', key],
  ['a key in one line', key.replaceAll('\n', '\\n')],
  ['a key without its frame', base64(`${core}-key`.repeat(9))],
  ['a key in Base64', base64(key)],
  ['a kubeconfig', kubeconfig],
  ['a kubeconfig in one line', JSON.stringify({ apiVersion: 'v1', kind: 'Config', users: [{ user: { token } }] })],
  ['a kubeconfig in Base64', base64(kubeconfig)],
  ['a kubeconfig in Base64url with its name', `KUBECONFIG=${base64(kubeconfig).replaceAll('+', '-').replaceAll('/', '_')}`],
  ['a Docker configuration', JSON.stringify({ auths: { 'mirror.example': { auth: base64(`puller:${core}`) } } })],
  ['an address with a login', `https://example-cloud:${core}@mirror.example`],
  ['a text with zero bytes', `${core}\0${core}`],
  ['something long', `${core}x`.repeat(10_000)],
];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-kaas-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};
const none = (): void => undefined;
const withSecrets = async (
  given: Readonly<Record<string, string>>,
  command: 'check' | 'upload',
  env: Readonly<Record<string, string>>,
  secret: (value: string) => void,
): Promise<WithSecrets> => bring(given, command, { env, texts: await readSecretTexts(new Map(Object.entries(given))), secret });

test('every input that says that it is a secret is one, and no other says so in its description', () => {
  expect(secretInputs.map((s) => s.name).sort()).toEqual(['kubeconfig', 'monitor-key', 'monitor-token', 'probe-pull-secret', 'token']);
  // A new one is found by its words.
  const worded = inputSpecs.filter(
    (s) => s.only !== 'action' && /a secret\b|\btoken\b|passw|private key/i.test(`${s.name} ${s.description}`),
  );
  expect(worded.filter((s) => s.secret !== true).map((s) => s.name)).toEqual([]);
});

/** A kubeconfig is read in any form; whoever reads it says what is wrong with it. */
const refused = secretInputs.map((s) => s.name).filter((name) => name !== 'kubeconfig');

test.each(forms)('--kubeconfig: %s is left to its reader, with a warning that repeats nothing', async (_, value) => {
  expect((await withSecrets({ kubeconfig: value }, 'check', {}, none)).problems).toEqual([]);
  const [warning = ''] = warningsOf(new Map([['kubeconfig', value]]));
  expect(warning).toMatch(/stands in the list of processes.*KUBECONFIG/);
  for (const secret of [value, core, 'example-cloud']) expect(warning).not.toContain(secret);
});

describe.each(refused)('--%s', (name) => {
  test.each(forms)('%s is refused, and repeated nowhere', async (_, value) => {
    const { problems, raw } = await withSecrets({ [name]: value }, 'upload', {}, none);
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^Option "--${name}" takes the path of a file or "-".*${variableOf(name)}.*replace the secret.*history`),
      ),
    ]);
    for (const secret of [value, core, 'example-cloud']) expect(problems.join()).not.toContain(secret);
    expect(raw[name]).toBe('-');
  });

  test('the path of a file is taken', async () => {
    const path = file('secret', token);
    const seen: string[] = [];
    const { problems, raw } = await withSecrets({ [name]: path }, 'upload', {}, (value) => seen.push(value));
    expect(problems).toEqual([]);
    expect([path, token]).toContain(raw[name]);
    if (name === 'token') expect([raw[name], seen]).toEqual([token, [token]]);
  });

  test('the text in the environment is taken, where the command has a use for it', async () => {
    const env = { [variableOf(name)]: token };
    expect(await withSecrets({ tier: 'active' }, 'upload', env, none)).toEqual({
      raw: expect.objectContaining({ [name]: token }),
      problems: [],
    });
    // An option wins.
    const path = file('secret', 'other');
    expect((await withSecrets({ tier: 'active', [name]: path }, 'upload', env, none)).raw[name]).not.toBe(token);
  });

  test('given twice, the first one is not forgotten', () => {
    expect(() => parseArguments(['check', `--${name}`, token, `--${name}`, file('secret', token)])).toThrow(/is given twice/);
  });

  test('the help says how it is given', () => {
    const text = helpText(100);
    expect(text).toContain(`--${name} FILE`);
    expect(text).toContain(variableOf(name));
  });
});

test('a variable that the command has no use for is left alone', async () => {
  const env = Object.fromEntries(secretInputs.map((s) => [variableOf(s.name), token]));
  const { raw, problems } = await withSecrets({ cluster: 'kind' }, 'check', env, none);
  expect(problems).toEqual([]);
  expect(Object.entries(raw).flatMap(([name, value]) => (value === token ? [name] : []))).toEqual(['token']);
});

test('a login that is the name of a file as well is refused: the one that reads it could not tell', async () => {
  process.chdir(folder);
  file('example-cloud:pw', 'x');
  const { problems } = await withSecrets({ 'monitor-token': 'example-cloud:pw' }, 'upload', {}, none);
  process.chdir(tmpdir());
  expect(problems).toHaveLength(1);
});

test('one of several paths of a kubeconfig is enough; one that has the form of a path is told by who reads it', async () => {
  const path = file('kc', kubeconfig);
  for (const value of [`/nowhere/kc:${path}`, './kc', '/no/kubeconfig', '~/.kube/config', 'kc.yaml'])
    expect((await withSecrets({ kubeconfig: value }, 'check', {}, none)).problems).toEqual([]);
});

test('standard input holds one of them', () => {
  const texts = new Map([['-', { text: 'x' }]]);
  const { problems } = bring({ 'monitor-key': '-', 'monitor-token': '-' }, 'upload', { env: {}, texts, secret: none });
  expect(problems[0]).toMatch(/"--monitor-token" and "--monitor-key" are both "-"|"--monitor-key" and "--monitor-token" are both "-"/);
});

describe('words in the wrong place', () => {
  test.each(
    forms.flatMap<[string, string[]]>(([what, value]) => [
      [`${what} as a command`, [value]],
      [`${what} behind a command`, ['list', value]],
      [`${what} behind an option that is mistyped`, ['check', '--tokn', value]],
      [`${what} in an option that is mistyped`, ['check', `--tokn=${value}`]],
      [`${what} behind one dash`, ['check', `-p${value}`]],
      [`${what} behind two`, ['check', `--${value}`]],
      [`${what} as a format`, ['check', '--format', value]],
      [`${what} as a number`, ['merge', 'a.json', '--expect', value]],
      [`${what} as a role`, ['permissions', '--role', value]],
    ]),
  )('%s is not repeated', (_, words) => {
    let said = '';
    try {
      parseArguments(words);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      said = error.message;
    }
    expect(said).not.toContain(core);
    expect(said).not.toMatch(/9f86d0|eyJhb/);
    expect(said).not.toContain(base64(`example-cloud:${core}`).slice(0, 12));
  });
});

describe('as a process', () => {
  const offline = ['--cluster', 'embedded', '--offline'];

  test.each(secretInputs.map((s) => s.name))(
    '--%s with the secret itself: an error, and it is printed nowhere',
    async (name) => {
      const command = name.startsWith('monitor-') ? ['upload', 'report.yaml'] : ['check'];
      const { code, stdout, stderr } = await program([...command, `--${name}`, token]);
      expect([[2, 3].includes(code ?? 0), stdout]).toEqual([true, '']);
      expect(stderr).toContain(variableOf(name));
      expect(stderr).not.toContain(core);
    },
    60_000,
  );

  test('a token from standard input, a file and the environment', async () => {
    const path = file('token', token);
    for (const [args, more] of [
      [['--token', '-'], { input: token }],
      [['--token', path], {}],
      [[], { env: { SCS_KAAS_TOKEN: token } }],
    ] as const) {
      const { code, stderr, stdout } = await program(['check', ...offline, '--fail-on', 'never', ...args], more);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toContain(core);
    }
  }, 120_000);

  test('a kubeconfig from standard input: it is read, and its secrets are hidden', async () => {
    const text = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }] },
      ...{ clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:9' } }], users: [{ name: 'u', user: { token } }] },
    });
    const { code, stdout, stderr } = await program(['check', '--kubeconfig', '-', '--timeout', '10s'], { input: text });
    expect(code).toBe(3);
    expect(stderr).toMatch(/127\.0\.0\.1:9/);
    expect(stdout + stderr).not.toContain(core);
  }, 60_000);

  test('empty and endless standard input', async () => {
    const empty = await program(['check', ...offline, '--token', '-'], { input: ' \n' });
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('standard input is empty')]);
    const endless = await program(['check', ...offline, '--token', '-'], { input: 'x'.repeat(5_000_000) });
    expect([endless.code, endless.stderr]).toEqual([2, expect.stringContaining('larger than')]);
  }, 60_000);
});
