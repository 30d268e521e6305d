import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/model/errors.js';
import { chooseContext } from '../../../src/kubernetes/kubeconfig/context.js';
import { loadKubeconfig, type LoadOptions } from '../../../src/kubernetes/kubeconfig/load.js';
import type { Kubeconfig } from '../../../src/kubernetes/kubeconfig/merge.js';
import { readTarget } from '../../../src/kubernetes/kubeconfig/target.js';
import { createSecrets } from '../../../src/text/connection-secrets.js';
import { base64, startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { createAuthority } from '../../helpers/certificates.js';
import { damagedForms, wholeForms } from '../../helpers/damaged-forms.js';
import { openLive, refusedToOpen, type Live } from '../../helpers/kubeconfig.js';
import { rejection, shown } from '../../helpers/shown.js';

let directory = '';
const open: { server?: ApiServer; live?: Live } = {};
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-load-'));
});
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  await open.live?.opened.close();
  await open.server?.close();
  delete open.live;
  delete open.server;
});

const write = async (name: string, text: string): Promise<string> => {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
};
const load = (
  options: LoadOptions,
  env: Readonly<Record<string, string>> = {},
  hidden: string[] = [],
  lines: string[] = [],
): Promise<Kubeconfig> =>
  loadKubeconfig(
    options,
    env,
    createSecrets((value) => void hidden.push(value)),
    (line) => void lines.push(line),
  );
const named = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Config\n${more}contexts:\n- {name: ${name}, context: {cluster: ${name}, user: ${name}}}\nclusters:\n- name: ${name}\n  cluster: {server: "https://${name}:6443", certificate-authority: ca.crt}\nusers:\n- name: ${name}\n  user: {token: token-of-${name}}\n`;

describe('where it comes from', () => {
  test('a path', async () => {
    expect([...(await load({ kubeconfig: await write('path/config', named('a')) })).contexts]).toEqual(['a']);
  });
  test('the text, in YAML', async () => {
    expect((await load({ kubeconfig: named('a', 'current-context: a\n') })).config.getCurrentContext()).toBe('a');
  });
  test('the text, in JSON with tabs', async () => {
    expect((await load({ kubeconfig: '{\n\t"current-context": "a",\n\t"contexts": []\n}' })).config.getCurrentContext()).toBe('a');
  });
  test('the text in base64, in one line and in several; it is hidden as a whole', async () => {
    const text = base64(named('a', 'current-context: a\n'));
    const hidden: string[] = [];
    expect((await load({ kubeconfig: text }, {}, hidden)).config.getCurrentContext()).toBe('a');
    expect(hidden).toEqual(expect.arrayContaining([text, 'token-of-a']));
    expect((await load({ kubeconfig: (text.match(/.{1,76}/g) ?? []).join('\n') })).config.getCurrentContext()).toBe('a');
  });
  test('KUBECONFIG, unless the input is there', async () => {
    const a = await write('env/a', named('a', 'current-context: a\n'));
    const b = await write('env/b', named('b', 'current-context: b\n'));
    expect((await load({}, { KUBECONFIG: a, HOME: '/nowhere' })).config.getCurrentContext()).toBe('a');
    expect((await load({ kubeconfig: '' }, { KUBECONFIG: a })).config.getCurrentContext()).toBe('a');
    expect((await load({ kubeconfig: b }, { KUBECONFIG: a })).config.getCurrentContext()).toBe('b');
  });
  test('the home directory', async () => {
    await write('home/.kube/config', named('h', 'current-context: h\n'));
    expect((await load({}, { HOME: join(directory, 'home') })).config.getCurrentContext()).toBe('h');
  });
  test('KUBECONFIG that names no path, and a configuration at home without anything in it, are none', async () => {
    await write('home/.kube/config', named('h', 'current-context: h\n'));
    expect((await load({}, { KUBECONFIG: delimiter, HOME: join(directory, 'home') })).config.getCurrentContext()).toBe('h');
    await write('bare/.kube/config', '');
    await expect(load({}, { HOME: join(directory, 'bare') })).rejects.toThrow('No cluster was named');
  });
  test('a path from the home directory, as people write it', async () => {
    await write('tilde/config', named('t', 'current-context: t\n'));
    expect((await load({ kubeconfig: '~/tilde/config' }, { HOME: directory })).config.getCurrentContext()).toBe('t');
  });
  test('the service account of a pod', async () => {
    open.server = await startApiServer({ authorizations: ['Bearer pod-token'] });
    const serviceAccountDirectory = join(await write('pod/token', 'pod-token\n'), '..');
    await write('pod/ca.crt', open.server.authority.certificate);
    const env = { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(open.server.port) };
    open.live = await openLive({ serviceAccountDirectory }, env);
    expect(open.live.opened.detail).toBe(`context in-cluster, ${open.server.url}`);
    expect(open.live.context.hidden).toContain('pod-token');
  });
  test('nowhere', async () => {
    const error = await rejection(load({}, { HOME: '/nowhere' }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/No cluster was named.*\/nowhere\/\.kube\/config.*Set the input "kubeconfig"/);
  });
});

describe('how kubeconfigs look in the field', () => {
  const text = named('a', 'current-context: a\n');
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each<[string, string | Buffer]>([
    ['UTF-16 of PowerShell', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    ['UTF-16 that was taken for UTF-8 on its way', utf16.toString('utf8')],
    ['a byte order mark and line ends of Windows', `\ufeff${text.replaceAll('\n', '\r\n')}`],
    ['marks of Terraform', `<<EOT\n${text}\nEOT\n`],
    ['base64', base64(text)],
    ['base64 in quotes behind a name', `KUBECONFIG="${base64(text)}"\n`],
    ['comments first', `# made by hand\n---\n${text}`],
    ['an unknown key first', `x-made-by: hand\n${text}`],
    ['two documents', `${text}---\n${named('b', 'current-context: b\n')}`],
    ['one line', JSON.stringify({ 'current-context': 'a', contexts: [{ name: 'a', context: {} }] })],
    ['one line of YAML', '{current-context: a, contexts: [{name: a, context: {}}]}'],
  ])('a file with %s', async (name, content) => {
    const path = join(directory, 'field');
    await writeFile(path, content);
    const lines: string[] = [];
    expect((await load({ kubeconfig: path }, {}, [], lines)).config.getCurrentContext()).toBe('a');
    expect(lines).toEqual(name === 'two documents' ? [expect.stringMatching(/holds several YAML documents; the first one is used/)] : []);
  });

  test('YAML 1.1 booleans, as kubectl reads them', async () => {
    const read = async (word: string): Promise<unknown> => {
      const loaded = await load({
        kubeconfig: `current-context: a\nclusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: ${word}}\n`,
      });
      return loaded.clusters.get('a')?.entry['insecure-skip-tls-verify'];
    };
    expect(await Promise.all(['yes', 'On', 'true', 'no', 'OFF', 'false'].map(read))).toEqual([true, true, true, false, false, false]);
    await expect(read('perhaps')).rejects.toThrow('insecure-skip-tls-verify must be');
  });

  test('line breaks that are lost are the cause that is named', async () => {
    await expect(load({ kubeconfig: text.replaceAll('\n', ' ') })).rejects.toThrow(
      /given as text cannot be used: it is no valid YAML, line 1: its line breaks are lost\. Set the input "kubeconfig" to/,
    );
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['certificate-authority-data', { cluster: '{server: "https://a", certificate-authority-data: DATA+OMITTED}' }],
    ['token', { user: '{token: REDACTED}' }],
    ['client-certificate-data and client-key-data', { user: '{client-certificate-data: DATA+OMITTED, client-key-data: DATA+OMITTED}' }],
    ['password', { user: '{username: me, password: "***"}' }],
  ])('%s left out by kubectl config view, or masked', async (fields, { cluster = '{server: "https://a"}', user = '{token: abc.def}' }) => {
    const given = `current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: ${cluster}}]\nusers: [{name: a, user: ${user}}]\n`;
    expect((await refusedToOpen({ kubeconfig: given })).message).toMatch(
      new RegExp(`^${fields} of the kubeconfig (?:was|were) left out or masked \\(DATA\\+OMITTED.*kubectl config view --raw --flatten`),
    );
  });

  test('a secret in the place of a path of a key, a certificate or a token is not repeated', async () => {
    const secret = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl';
    for (const field of ['client-key', 'client-certificate', 'tokenFile']) {
      const given = `current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: "https://a"}}]\nusers: [{name: a, user: {${field}: "${secret}"}}]\n`;
      const path = await write('misplaced', given);
      for (const kubeconfig of [given, path]) {
        const error = await refusedToOpen({ kubeconfig });
        expect(error.message).toContain(`${field} `);
        expect(shown(error)).not.toContain('eyJhbGciOiJS');
      }
    }
  });

  test.each(Object.entries(wholeForms))('the input %s', async (_, form) => {
    expect((await load({ kubeconfig: form(text) })).config.getCurrentContext()).toBe('a');
  });
  test.each(Object.entries(damagedForms))('the input as %s: nothing of it is repeated', async (_, form) => {
    const value = form(text);
    const printed = shown(await rejection(load({ kubeconfig: value })));
    const pieces = Array.from({ length: Math.max(1, value.length - 11) }, (_unused, i) => value.slice(i, i + 12));
    expect(pieces.filter((piece) => printed.includes(piece))).toEqual([]);
    expect(printed).not.toContain('token-of-a');
  });

  test('KUBECONFIG holds the text, or something damaged: as the input', async () => {
    expect((await load({}, { KUBECONFIG: text })).config.getCurrentContext()).toBe('a');
    expect((await load({}, { KUBECONFIG: base64(text) })).config.getCurrentContext()).toBe('a');
    const error = await rejection(load({}, { KUBECONFIG: `${base64(text)}!` }));
    expect(error.message).toMatch(/^The variable KUBECONFIG holds neither a kubeconfig nor the path of one\. Its value may be a secret/);
  });

  test('a path that does not look like one is read, and not repeated', async () => {
    const name = 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6';
    expect((await load({ kubeconfig: await write(name, text) })).config.getCurrentContext()).toBe('a');
    const error = await rejection(load({ kubeconfig: await write(name, 'a: [1,') }));
    expect(error.message).toMatch(/The kubeconfig at \(not shown: it does not look like a path\) cannot be used: it is no valid YAML/);
    expect(shown(error)).not.toContain(name);
  });
});

describe('several files', () => {
  test('of every name the first entry wins, and the first current-context', async () => {
    const a = await write('many/a', named('x'));
    const b = await write('many/sub/b', named('x', 'current-context: y\n').replace('https://x', 'https://later'));
    const c = await write('many/c', named('y', 'current-context: x\n'));
    const merged = await load({ kubeconfig: [a, b, '', c].join(delimiter) });
    expect(merged.config.getCurrentContext()).toBe('y');
    expect([...merged.clusters.keys()]).toEqual(['x', 'y']);
    expect(merged.clusters.get('x')).toMatchObject({ entry: { server: 'https://x:6443' }, directory: join(directory, 'many') });
    expect(merged.clusters.get('y')?.directory).toBe(join(directory, 'many'));
  });
  test('one that is missing is passed over, and said', async () => {
    const a = await write('some/a', named('a'));
    const lines: string[] = [];
    expect((await load({ kubeconfig: [join(directory, 'none'), a].join(delimiter) }, {}, [], lines)).contexts.size).toBe(1);
    expect(lines).toEqual(['passed over 1 of 2 kubeconfig files that do not exist or are empty']);
  });
  test('one that is empty is passed over, as kubectl does', async () => {
    const empty = await write('some/empty', ' \n');
    const a = await write('some/a', named('a', 'current-context: a\n'));
    expect((await load({}, { KUBECONFIG: [empty, a].join(delimiter) })).config.getCurrentContext()).toBe('a');
  });
  test('entries without a body are empty ones, and lack only what is asked of them', async () => {
    const old = 'contexts:\n  - name: old\n    context:\nclusters:\n  - name: gone\n    cluster:\n';
    const paths = [await write('some/old', old), await write('some/a', named('a', 'current-context: a\n'))];
    const merged = await load({ kubeconfig: paths.join(delimiter) });
    expect([merged.config.getCurrentContext(), [...merged.contexts], [...merged.clusters.keys()]]).toEqual([
      'a',
      ['old', 'a'],
      ['gone', 'a'],
    ]);
  });
  test('all that are missing or broken are named at once', async () => {
    const broken = await write('broken', 'a: [1,');
    const error = await rejection(load({ kubeconfig: [join(directory, 'none'), directory, broken].join(delimiter) }));
    expect(error).toMatchObject({
      problems: [
        expect.stringMatching(/it is a directory/),
        expect.stringMatching(/no valid YAML, line 1/),
        expect.stringMatching(/no such file/),
      ],
    });
  });
  test('a certificate is looked for beside its own file', async () => {
    open.server = await startApiServer();
    await write('rel/ca.crt', open.server.authority.certificate);
    const file = await write(
      'rel/config',
      open.server.kubeconfig({}, { 'certificate-authority-data': null, 'certificate-authority': './ca.crt' }),
    );
    open.live = await openLive({ kubeconfig: file });
    expect(open.server.requests).toHaveLength(1);
  });
  test('with the same names: the server sees the token of the first', async () => {
    open.server = await startApiServer({ authorizations: ['Bearer first-token', 'Bearer second-token'] });
    const files = await Promise.all(
      ['first', 'second'].map((which) => write(`same/${which}`, open.server?.kubeconfig({ token: `${which}-token` }) ?? '')),
    );
    open.live = await openLive({ kubeconfig: files.join(delimiter) });
    expect(open.server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first-token']);
  });
  test('relative paths of each start from its own directory', async () => {
    open.server = await startApiServer({ authorizations: ['Bearer of-the-user', 'Bearer of-the-cluster'] });
    const { clusters, users, ...rest } = JSON.parse(
      open.server.kubeconfig({ tokenFile: 'token' }, { 'certificate-authority-data': null, 'certificate-authority': 'ca.crt' }),
    ) as Record<string, unknown>;
    const files = [
      await write('apart/user/config', JSON.stringify({ ...rest, users })),
      await write('apart/cluster/config', JSON.stringify({ ...rest, clusters })),
    ];
    await write('apart/user/token', 'of-the-user');
    await write('apart/user/ca.crt', createAuthority().certificate);
    await write('apart/cluster/token', 'of-the-cluster');
    await write('apart/cluster/ca.crt', open.server.authority.certificate);
    open.live = await openLive({ kubeconfig: files.join(delimiter) });
    expect(open.server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer of-the-user']);
  });
});

describe('what cannot be used', () => {
  const secret = 'token-nobody-may-see';
  test.each<[string, string, RegExp]>([
    ['an empty file', ' \n', /it is empty/],
    ['YAML that stops making sense', `users:\n- name: a\n  user: {token: ${secret}\n clusters: ]`, /it is no valid YAML, line \d/],
    ['two values in one line', `current-context: a\nusers: "x" ${secret}\n`, /it is no valid YAML, line 2/],
    ['a list', `- ${secret}`, /it is no kubeconfig/],
    ['a word', secret, /it is no kubeconfig/],
    ['users that are no list', `clusters: []\nusers: ${secret}`, /users must be of type array/],
    ['a token that is a number', 'users:\n- name: a\n  user: {token: 12345678}', /users\[0\]\.user\.token must be/],
    [
      'a bomb of aliases',
      `a: &a [${secret}]\n${Array.from(
        { length: 9 },
        (_, i) =>
          `${'bcdefghij'[i] ?? ''}: &${'bcdefghij'[i] ?? ''} [${Array(12)
            .fill(`*${'abcdefghi'[i] ?? ''}`)
            .join(',')}]`,
      ).join('\n')}`,
      /aliases that are undefined or more than 100/,
    ],
    ['two clusters of one name', 'clusters:\n- {name: a, cluster: {}}\n- {name: a, cluster: {}}', /several clusters of the name "a"/],
  ])('%s', async (_title, text, message) => {
    const error = await rejection(load({ kubeconfig: await write('unusable', text) }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(message);
    expect(shown(error)).not.toContain(secret);
    expect(shown(error)).not.toContain('12345678');
  });
  test('text that is broken is not quoted', async () => {
    const error = await rejection(load({ kubeconfig: `apiVersion: v1\nusers: [{name: a, user: {token: ${secret}}}` }));
    expect(error.message).toMatch(/given as text cannot be used: it is no valid YAML, line \d.*kubectl config view --raw --flatten/);
    expect(shown(error)).not.toContain(secret);
  });
});

describe('contexts', () => {
  const choose = async (text: string, wanted?: string): Promise<string> => chooseContext(await load({ kubeconfig: text }), wanted).context;
  const both = named('production', 'current-context: production\n');
  test.each<[string, string, string | undefined, RegExp]>([
    [
      'a name that is nearly right',
      both,
      'prodution',
      /The context "prodution" is not in the kubeconfig; it has: production\. .*Did you mean "production"\?/,
    ],
    ['no current-context', named('a'), undefined, /has no current-context; set the input "context" to one of: a\./],
    [
      'a current-context that is not there',
      named('a', 'current-context: b\n'),
      undefined,
      /The current-context "b" is not in the kubeconfig; it has: a/,
    ],
    ['no contexts', 'apiVersion: v1\nclusters: []\n', undefined, /holds no context/],
    [
      'an unknown cluster and an unknown user',
      'current-context: a\ncontexts:\n- {name: a, context: {cluster: prod, user: me}}\nclusters:\n- {name: prd, cluster: {}}\n',
      undefined,
      /names the cluster "prod".*it has: prd\. Did you mean "prd"\?\n- .*names the user "me".*it has: none/,
    ],
    ['a context without a cluster', 'current-context: a\ncontexts:\n- {name: a, context: {}}\n', undefined, /names no cluster/],
  ])('%s', async (_title, text, wanted, message) => {
    await expect(choose(text, wanted)).rejects.toThrow(message);
    await expect(choose(text, wanted)).rejects.toThrow(UserError);
  });
  test('answers are packed on the way from afar, unless disable-compression says otherwise', async () => {
    const packs = async (server: string, more: object = {}): Promise<boolean> => {
      const user = { name: 'a', user: { token: 'x' } };
      const document = { contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }], users: [user] };
      const loaded = await load({ kubeconfig: JSON.stringify({ ...document, clusters: [{ name: 'a', cluster: { server, ...more } }] }) });
      return (
        await readTarget(
          chooseContext(loaded, 'a'),
          { execPlugins: 'deny' },
          {},
          createSecrets(() => undefined),
        )
      ).gzip;
    };
    const far = 'https://api.example.org:6443';
    expect([await packs(far), await packs(far, { 'disable-compression': true }), await packs('https://127.0.0.1')]).toEqual([
      true,
      false,
      false,
    ]);
  });
  test('by name', async () => {
    expect(await choose(both, ' production ')).toBe('production');
  });
  test.each<[string, object, RegExp]>([
    ['without a server', { server: null }, /has no "server"/],
    ['with a server that is none', { server: 'https://' }, /is no URL of an API server/],
    ['with a server of another scheme', { server: 'ftp://x' }, /is no URL of an API server/],
    [
      'with a CA that is no PEM',
      { 'certificate-authority-data': base64('hello there') },
      /certificate-authority-data of the kubeconfig holds no PEM/,
    ],
    [
      'with a CA file that is missing',
      { 'certificate-authority-data': null, 'certificate-authority': '/nowhere/ca.crt' },
      /certificate-authority names \/nowhere\/ca\.crt/,
    ],
    [
      'with a CA that is broken inside',
      { 'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') },
      /cannot be used|not signed by the CA/,
    ],
  ])('a cluster %s', async (_title, cluster, message) => {
    open.server = await startApiServer();
    expect((await refusedToOpen({ kubeconfig: open.server.kubeconfig({}, cluster) })).message).toMatch(message);
  });
});
