import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNoProblem } from '../../src/cli/arguments.js';
import { commands } from '../../src/cli/commands.js';
import { helpOf, runCommand } from '../../src/cli/dispatch.js';
import { readSecretTexts, variableOf, withSecrets as bring, type WithSecrets } from '../../src/cli/secrets.js';
import { configSettings } from '../../src/inputs/config.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../../src/inputs/list-actions.js';
import { parsed, problemsOf } from '../helpers/command-line.js';
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

const secretNames: readonly string[] = ['kubeconfig', 'github-token', 'login', 'key'];

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
const withSecrets = async (
  given: Readonly<Record<string, string>>,
  names: readonly string[] = secretNames,
  env: Readonly<Record<string, string>> = {},
  secret: (value: string) => void = () => undefined,
): Promise<WithSecrets> => bring(given, names, { env, texts: await readSecretTexts(given), secret });

/** The commands that take each secret. */
const commandsWith = (name: string) => commands.filter(({ options }) => options.some((one) => one.name === name && one.secret === true));

test('every option that may be a secret is marked as one, and no config file holds one', () => {
  const specs = [...inputSpecs, ...mergeSpecs, ...uploadSpecs];
  const marked = specs.filter(({ secret }) => secret === true).map(({ name }) => name);
  expect([...new Set(marked)].sort()).toEqual([...secretNames].sort());
  // A new one is found by its words.
  const worded = specs.filter(({ name, description }) => /a secret\b|\btoken\b|passw|private key/i.test(`${name} ${description}`));
  expect(worded.filter(({ secret }) => secret !== true).map(({ name }) => name)).toEqual([]);
  expect(configSettings.filter(({ name, secret }) => secret === true || secretNames.includes(name))).toEqual([]);
  for (const { options } of commands)
    for (const { name, secret } of options) expect([name, secret === true]).toEqual([name, secretNames.includes(name)]);
});

describe.each(secretNames)('--%s', (name) => {
  test.each(forms)('%s is refused, and repeated nowhere', async (_, value) => {
    const seen: string[] = [];
    const { problems, raw } = await withSecrets({ [name]: value }, [], {}, (secret) => seen.push(secret));
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^Option "--${name}" takes the path of a file or "-".*${variableOf(name)}.*replace the secret.*history`),
      ),
    ]);
    for (const secret of [value, core, 'example-cloud']) expect(problems.join()).not.toContain(secret);
    expect(raw[name]).toBe('-');
    expect(seen).toContain(value);
  });

  test('the path of a file is taken', async () => {
    const path = file('secret', token);
    const seen: string[] = [];
    const { problems, raw } = await withSecrets({ [name]: path }, [], {}, (value) => seen.push(value));
    expect(problems).toEqual([]);
    expect([path, token]).toContain(raw[name]);
    if (name === 'github-token') expect([raw[name], seen]).toEqual([token, [token]]);
  });

  test('the text in the environment is taken, where the command has a use for it', async () => {
    const env = { [variableOf(name)]: token };
    expect(await withSecrets({ tier: 'active' }, [name], env)).toEqual({ raw: { tier: 'active', [name]: token }, problems: [] });
    // An option wins.
    const path = file('secret', 'other');
    expect((await withSecrets({ tier: 'active', [name]: path }, [name], env)).raw[name]).not.toBe(token);
  });

  test('given twice, the first one is not forgotten', () => {
    for (const command of commandsWith(name)) {
      const { problems } = parsed([command.name, `--${name}`, token, `--${name}`, file('secret', token)]);
      expect(problems).toContain(`Option "--${name}" is given twice; give it once.`);
    }
  });

  test('the help says how it is given', () => {
    expect(commandsWith(name).length).toBeGreaterThan(0);
    for (const command of commandsWith(name)) {
      const text = helpOf(command.name, 100).replace(/\n(?=\S)/g, ' ');
      expect(text).toContain(`--${name} FILE`);
      expect(text).toMatch(
        new RegExp(`Secrets come from files, from standard input \\(-\\), or from the variables? .*${variableOf(name)}`),
      );
    }
  });
});

test('a variable that the command has no use for is left alone', async () => {
  const env = Object.fromEntries(secretNames.map((name) => [variableOf(name), token]));
  const { raw, problems } = await withSecrets({ cluster: 'kind' }, ['github-token'], env);
  expect(problems).toEqual([]);
  expect(Object.entries(raw).flatMap(([name, value]) => (value === token ? [name] : []))).toEqual(['github-token']);
});

test('a login that is the name of a file as well is refused: the one that reads it could not tell', async () => {
  process.chdir(folder);
  file('example-cloud:pw', 'x');
  const { problems } = await withSecrets({ login: 'example-cloud:pw' });
  process.chdir(tmpdir());
  expect(problems).toHaveLength(1);
});

test('one of several paths of a kubeconfig is enough; one that has the form of a path is told by who reads it', async () => {
  const path = file('kc', kubeconfig);
  for (const value of [`/nowhere/kc:${path}`, './kc', '/no/kubeconfig', '~/.kube/config', 'kc.yaml'])
    expect((await withSecrets({ kubeconfig: value })).problems).toEqual([]);
});

test('standard input holds one of them', () => {
  const texts = new Map([['-', { text: 'x' }]]);
  const { problems } = bring({ key: '-', login: '-' }, secretNames, { env: {}, texts, secret: () => undefined });
  expect(problems[0]).toBe('Options "--login" and "--key" are both "-"; standard input can hold one of them.');
});

describe('words in the wrong place', () => {
  test.each(
    forms.flatMap<[string, string[]]>(([what, value]) => [
      [`${what} as a command`, [value]],
      [`${what} behind a command`, ['check', value]],
      [`${what} behind a command that takes a word less`, ['list', 'scs-0214-v2', value]],
      [`${what} as a shell`, ['completion', value]],
      [`${what} behind an option that is mistyped`, ['check', '--github-tokn', value]],
      [`${what} in an option that is mistyped`, ['check', `--github-tokn=${value}`]],
      [`${what} in an option of another command`, ['list', `--key=${value}`]],
      [`${what} behind one dash`, ['check', `-p${value}`]],
      [`${what} behind two`, ['check', `--${value}`]],
      [`${what} as a format`, ['check', '--format', value]],
      [`${what} as a report`, ['check', '--report', value]],
      [`${what} as the format of a report`, ['check', '--report', `${value}=file`]],
      [`${what} as a setting`, ['check', '--set', value]],
      [`${what} as the key of a setting`, ['check', '--set', `${value}=1`]],
      [`${what} as the value of a setting`, ['check', '--set', `probe.nodes=${value}`]],
      [`${what} as a flag`, ['check', `--offline=${value}`]],
      [`${what} as a number`, ['merge', 'a.json', '--expect', value]],
      [`${what} as a role`, ['permissions', '--role', value]],
    ]),
  )('%s is not repeated', async (_, [name = '', ...words]) => {
    const said = (await problemsOf(() => runCommand(name, words))).join('\n');
    expect(said).not.toBe('');
    expect(said).not.toContain(core);
    expect(said).not.toMatch(/9f86d0|eyJhb/);
    expect(said).not.toContain(base64(`example-cloud:${core}`).slice(0, 12));
  });

  test('a value that an error repeats for another option', () => {
    expect(() => assertNoProblem([`Option "--tier" is "${token}"`], { options: { tier: token } })).toThrow(
      'Option "--tier" is "(not shown: it may be a secret)"',
    );
  });
});

describe('as a process', () => {
  const offline = ['--cluster', 'embedded', '--offline'];

  test.each(secretNames)(
    '--%s with the secret itself: an error, and it is printed nowhere',
    async (name) => {
      const command = ['login', 'key'].includes(name) ? ['upload', 'report.yaml'] : ['check'];
      const { code, stdout, stderr } = await program([...command, `--${name}`, token]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(variableOf(name));
      expect(stderr).not.toContain(core);
    },
    60_000,
  );

  test('a token from standard input, a file and the environment', async () => {
    const path = file('token', token);
    for (const [args, more] of [
      [['--github-token', '-'], { input: token }],
      [['--github-token', path], {}],
      [[], { env: { SCS_KAAS_GITHUB_TOKEN: token } }],
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
    const empty = await program(['check', ...offline, '--github-token', '-'], { input: ' \n' });
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('standard input is empty')]);
    const endless = await program(['check', ...offline, '--github-token', '-'], { input: 'x'.repeat(5_000_000) });
    expect([endless.code, endless.stderr]).toEqual([2, expect.stringContaining('larger than')]);
  }, 60_000);
});
