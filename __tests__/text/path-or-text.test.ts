import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { likelySecrets } from '../../src/text/likely-secrets.js';
import { looksLikePath, recognise, secretsOfUnknown } from '../../src/text/path-or-text.js';
import { anyCharacter } from '../helpers/any-character.js';
import { damagedForms, wholeForms } from '../helpers/damaged-forms.js';
import { cpuTimeOf } from '../helpers/cpu-time.js';

const isKubeconfig = (text: string): boolean => text.startsWith('apiVersion:');
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06YWRtaW4ifQ.c2lnbmF0dXJlLW9mLW5vYm9keS1hdC1hbGw';
const text = `apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    token: ${jwt}\n    password: pa55-of-nobody\n`;

describe('a text is recognised in every form', () => {
  test.each(Object.entries(wholeForms))('%s', (_, form) => {
    const found = recognise(form(text), isKubeconfig);
    expect(found?.text.trim()).toBe(text.trim());
    // Whatever it was in is hidden, and no line of the text.
    for (const encoded of found?.encoded ?? []) expect(encoded).not.toMatch(/apiVersion:|\n/);
  });

  test('and in every form of every form', () => {
    const once = Object.entries(wholeForms);
    const lost = once.flatMap(([outer, wrap]) =>
      once.flatMap(([inner, form]) =>
        recognise(wrap(form(text)), isKubeconfig)?.text.trim() === text.trim() ? [] : [`${outer}: ${inner}`],
      ),
    );
    // Which line breaks were two characters is not known any more where several layers had some.
    expect(lost.filter((name) => !name.includes('two characters'))).toEqual([]);
  });

  test('every encoded form is among what is hidden, in one line and as it was wrapped', () => {
    const encoded = Buffer.from(text).toString('base64');
    const lines = encoded.match(/.{1,76}/g) ?? [];
    expect(recognise(`X=${lines.join('\n')}`, isKubeconfig)?.encoded).toEqual([encoded, ...lines]);
    const twice = Buffer.from(encoded).toString('base64');
    expect(recognise(twice, isKubeconfig)?.encoded).toEqual([twice, encoded]);
  });

  test('what no way leads to is not', () => {
    for (const [name, form] of Object.entries(damagedForms)) expect([name, recognise(form(text), isKubeconfig)]).toEqual([name, undefined]);
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (noise) => recognise(noise, () => false) === undefined));
  });
});

describe('what looks like a path', () => {
  test.each([
    '/home/runner/.kube/config',
    'kubeconfig',
    'kc.yaml',
    './kc',
    '~/.kube/config',
    '../a b/kubeconfig-production-eu-central-1.yaml',
    '/home/runner/work/_temp/0f8fad5b-d9cb-469f-a165-70867728950e',
    '/etc/a:/etc/b:c.yaml',
    'C:\\Users\\Jörg\\.kube\\config',
    'C:\\a;D:\\b',
    '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/kc',
    '/tmp/scs-kaas-AbC123/kubeconfig',
    '$HOME/.kube/config',
    '/no/such/kubeconfig',
    '/dev/fd/63',
  ])('%s', (path) => expect(looksLikePath(path)).toBe(true));

  test.each([
    ['nothing', ''],
    ['a line break', '/a\n/b'],
    ['a format character', '/a/\u202eb'],
    ['a control character', '/a/\u0007b'],
    ['a line separator', '/a\u2028b'],
    ['a name that is too long', `/a/${'b c '.repeat(70)}`],
    ['a path that is too long', '/abc'.repeat(2_000)],
    ['a JWT', jwt],
    ['a JWT in a folder', `/tmp/${jwt}`],
    ['PEM', '-----BEGIN PRIVATE KEY-----'],
    ['base64', 'YXBpVmVyc2lvbjogdjEKa2luZDog'],
    ['base64 behind a path', '/etc/kubernetes:YXBpVmVyc2lvbjogdjEKa2luZDog'],
    ['hexadecimal', '0123456789abcdef0123456789abcdef'],
    ['a bootstrap token', 'abcdef.0a1b2c3d4e5f6071'],
    ['a token of Rancher', 'kubeconfig-u-x7k2p9vq4m:hl2jk9f8xw7q'],
    ['a login', 'admin:hunter2'],
    ['a password', 'pa55-of/nobody+at~all'],
    ['a password without anything odd', 'hunter2-and-more'],
    ['a header', 'Bearer some-token'],
    ['a name of a secret', 'token-of-nobody-0123456789'],
    ['NAME=', 'KUBECONFIG=abc'],
    ['YAML in one line', 'token: abc'],
    ['YAML in flow style', '{token: abc}'],
    ['an address', 'https://me:pw@host/path'],
    ['a lone surrogate', '/a/\ud800'],
  ])('%s does not', (_, value) => expect(looksLikePath(value)).toBe(false));

  test('nothing that is damaged does, nor base64 or hexadecimal of anything', () => {
    for (const [name, form] of Object.entries(damagedForms)) expect([name, looksLikePath(form(text))]).toEqual([name, false]);
    const encodings = ['base64', 'base64url', 'hex'] as const;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 200 }), fc.constantFrom(...encodings), (bytes, encoding) => {
        const value = Buffer.from(bytes).toString(encoding);
        // What is one byte again and again is nobody's secret.
        fc.pre(new Set(bytes).size > 12);
        expect([value, looksLikePath(value)]).toEqual([value, false]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is hidden of a text that nobody can read', () => {
  test.each<[string, string, readonly string[]]>([
    ['values of a broken YAML', `users:\n- user: {token: ${jwt}, password: "hun,ter2x"`, [jwt, 'hun,ter2x']],
    ['a value in the next line', 'token: |\n  abcdef-ghijkl', ['abcdef-ghijkl']],
    ['JSON', `{"auths":{"r":{"auth":"cm9ib3Q6cGFzcw==","identitytoken":"some-words"`, ['cm9ib3Q6cGFzcw==', 'some-words']],
    ['what is in base64 with a wrong character', damagedForms['base64 with a wrong character at its end']!(text), [jwt, 'pa55-of-nobody']],
    [
      'the lines of a key without its end',
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\nAgEGCCqGSM49AwEH',
      ['MIGHAgEAMBMGByqGSM49', 'AgEGCCqGSM49AwEH'],
    ],
    ['a variable', 'export API_TOKEN=words-of-a-token', ['words-of-a-token']],
  ])('%s', (_, broken, secrets) => expect(likelySecrets(broken)).toEqual(expect.arrayContaining([...secrets])));

  test('no line of structure, no host, no name', () => {
    const hidden = [
      ...likelySecrets(text),
      ...secretsOfUnknown(text),
      ...secretsOfUnknown(`clusters:\n- cluster: {server: "https://a1b2c3d4e5f6a7b8c9d0.example.org:6443"}\n`),
    ];
    for (const line of ['apiVersion: v1', 'kind: Config', 'users:', '- name: u', 'a1b2c3d4e5f6a7b8c9d0.example.org'])
      expect(hidden.filter((value) => line.includes(value))).toEqual([]);
  });

  test('the time for large and hostile texts grows with their length alone', () => {
    for (const hostile of [
      '-----BEGIN A-----'.repeat(20_000),
      'token:'.repeat(50_000),
      'a'.repeat(400_000),
      'A1b2'.repeat(100_000),
      '"'.repeat(400_000),
      '<<EOT\n'.repeat(50_000),
      'https://'.repeat(40_000),
      '\\n'.repeat(200_000),
    ]) {
      const ms = cpuTimeOf(() => {
        likelySecrets(hostile);
        recognise(hostile, isKubeconfig);
        looksLikePath(hostile);
      });
      expect([hostile.slice(0, 20), ms < 4_000]).toEqual([hostile.slice(0, 20), true]);
    }
  });
});
