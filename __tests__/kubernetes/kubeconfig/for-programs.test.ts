import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64, startApiServer, type ApiServer } from '../../helpers/api-server.js';
import { openLive } from '../../helpers/kubeconfig.js';

let server: ApiServer;
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-programs-'));
  server = await startApiServer({ authorizations: ['Bearer good-token', `Basic ${base64('alice:pa:ss word')}`] });
  server.route('GET /x', {});
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** What the server hears of whoever uses the kubeconfig that is handed on. */
const heard = async (user: object) => {
  const first = await openLive({ kubeconfig: server.kubeconfig(user) });
  const { cluster } = first.opened;
  if (!cluster.live) throw new Error('a kubeconfig leads to a live cluster');
  const text = await cluster.kubeconfig();
  await first.opened.close();
  const second = await openLive({ kubeconfig: text, execPlugins: 'deny' });
  expect((await second.api.request({ path: '/x' })).status).toBe(200);
  await second.opened.close();
  const { headers, certificateOf } = server.requests.at(-1)!;
  return { text, headers, certificateOf };
};

describe('a kubeconfig for a program leads to the same cluster as the same user', () => {
  test('by a token', async () => expect((await heard({ token: 'good-token' })).headers.authorization).toBe('Bearer good-token'));
  test('by a user name and a password', async () =>
    expect((await heard({ username: 'alice', password: 'pa:ss word' })).headers.authorization).toBe(`Basic ${base64('alice:pa:ss word')}`));
  test('by a client certificate', async () => {
    const pair = server.authority.issue({ commonName: 'me' });
    const user = { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) };
    expect((await heard(user)).certificateOf).toBe('me');
  });
  test('by what a token file holds at that moment, without the file', async () => {
    const file = join(directory, 'token');
    await writeFile(file, 'good-token\n');
    const { text, headers } = await heard({ tokenFile: file });
    expect(headers.authorization).toBe('Bearer good-token');
    expect(text).not.toContain(file);
  });
  test('by what a plugin issues at that moment, without the plugin', async () => {
    const plugin = join(directory, 'plugin');
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'good-token' } };
    await writeFile(plugin, `#!${process.execPath}\nconsole.log(${JSON.stringify(JSON.stringify(credential))});`);
    await chmod(plugin, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
    expect((await heard({ exec })).headers.authorization).toBe('Bearer good-token');
  });
  test('for whom it stands stays', async () => {
    const { headers } = await heard({ token: 'good-token', as: 'someone', 'as-groups': ['one', 'two'] });
    expect(headers['impersonate-user']).toBe('someone');
    expect(headers['impersonate-group']).toBe('one, two');
  });
});
