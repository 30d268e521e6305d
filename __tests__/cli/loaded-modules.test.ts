import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApiServer } from '../helpers/api-server.js';
import { codeCache } from '../helpers/program.js';

/** Which modules a run loads, by the program that is compiled module by module: a bundle holds all of them. */
const entry = resolve(import.meta.dirname, '..', '..', '.cache/program/src/cli.js');
/** Records what is resolved, also by `require`. */
const recorder = `
  import { registerHooks } from 'node:module';
  import { writeFileSync } from 'node:fs';
  const urls = [];
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      urls.push(found.url);
      return found;
    },
  });
  process.on('exit', () => writeFileSync(process.env.RECORD, urls.join('\\n')));
`;
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'scs-kaas-modules-'));
});
afterAll(() => rm(home, { recursive: true }));

/** What only a connection takes. */
const libraries = ['undici', '@kubernetes/client-node', 'execa', 'socks', 'openid-client'];
const loadedBy = async (args: readonly string[]): Promise<readonly string[]> => {
  const RECORD = join(home, 'urls');
  await rm(RECORD, { force: true });
  const hook = `data:text/javascript,${encodeURIComponent(recorder)}`;
  const env = { PATH: process.env['PATH'], HOME: home, CI: 'true', RECORD, ...codeCache };
  await new Promise<void>((done) => {
    execFile(process.execPath, ['--no-warnings', '--import', hook, entry, ...args], { cwd: home, env, timeout: 60_000 }, () => done());
  });
  const urls = await readFile(RECORD, 'utf8');
  expect(urls).toContain('/src/cli/main.js');
  return [
    ...libraries.filter((library) => urls.includes(`/node_modules/${library}/`)),
    ...(urls.includes('/src/kubernetes/kubeconfig/') ? ['src/kubernetes/kubeconfig'] : []),
  ];
};

test('a recorded cluster loads no connection', async () => {
  expect(await loadedBy(['check', '--cluster', 'embedded', '--fail-on', 'never'])).toEqual([]);
});
test('a kubeconfig loads all of it', async () => {
  const server = await startApiServer({ plain: true, authorizations: [] });
  try {
    const kubeconfig = join(home, 'kubeconfig');
    await writeFile(kubeconfig, server.kubeconfig());
    expect(await loadedBy(['check', '--kubeconfig', kubeconfig])).toEqual([...libraries, 'src/kubernetes/kubeconfig']);
  } finally {
    await server.close();
  }
});
