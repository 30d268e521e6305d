// Puts an entry and what it uses of the libraries into one script. What a run may not need is evaluated when it is used.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
/** What every build of the sources is for. */
export const modules = { absWorkingDir: root, platform: 'node', target: 'node24', format: 'esm', logLevel: 'warning' };
const options = { ...modules, bundle: true, format: 'cjs', minify: true, legalComments: 'none' };

/**
 * Libraries that most runs do not use, with what is imported of them: evaluating all of them takes a tenth of a run's time. A name that is missing
 * here breaks the build.
 */
const lazy = {
  'ae-cvss-calculator': ['default'],
  execa: ['execa'],
  hpagent: ['HttpProxyAgent', 'HttpsProxyAgent'],
  'jsonpath-plus': ['JSONPath'],
  re2js: ['RE2JS', 'RE2JSException'],
  saxes: ['SaxesParser'],
  socks: ['SocksClient', 'SocksClientError'],
  'socks-proxy-agent': ['SocksProxyAgent'],
  'string-width': ['default'],
};
const lazily = (library) => `
  const load = () => require(${JSON.stringify(library)});
  const later = (name) => new Proxy(function () {}, {
    apply: (_, self, given) => Reflect.apply(load()[name], self, given),
    construct: (_, given) => Reflect.construct(load()[name], given),
    get: (_, key) => Reflect.get(load()[name], key),
  });
  ${lazy[library].map((name) => (name === 'default' ? 'export default later("default");' : `export const ${name} = later("${name}");`)).join('\n')}
`;
const lazyLibraries = {
  name: 'lazy-libraries',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path, namespace, kind }) =>
      !Object.hasOwn(lazy, path) || namespace === 'lazy' || kind === 'require-call' ? undefined : { path, namespace: 'lazy' },
    );
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ contents: lazily(path), resolveDir: root }));
  },
};

/** undici is no module, so that nothing of it is left out by itself: no test doubles, caches and WebSockets. */
const undici = `
  import Agent from 'undici/lib/dispatcher/agent.js';
  import Client from 'undici/lib/dispatcher/client.js';
  import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
  import Pool from 'undici/lib/dispatcher/pool.js';
  import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
  import api from 'undici/lib/api/index.js';
  import buildConnector from 'undici/lib/core/connect.js';
  Object.assign(Dispatcher.prototype, api);
  const fetch = (...given) => require('undici/lib/web/fetch/index.js').fetch(...given);
  export { Agent, Client, Pool, ProxyAgent, buildConnector, fetch };
`;
const slimUndici = {
  name: 'slim-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'slim-undici' }));
    build.onLoad({ filter: /.*/, namespace: 'slim-undici' }, () => ({ contents: undici, resolveDir: root }));
    // Nothing speaks HTTP/2, and loading it takes longer than a request.
    build.onResolve({ filter: /^\.\/client-h2\.js$/ }, ({ path, resolveDir, namespace }) =>
      namespace === 'late-h2' ? undefined : { path: relative(root, join(resolveDir, path)), namespace: 'late-h2' },
    );
    build.onLoad({ filter: /.*/, namespace: 'late-h2' }, ({ path }) => ({
      contents: 'module.exports = (...given) => require("./client-h2.js")(...given);',
      resolveDir: join(root, dirname(path)),
    }));
  },
};

const client = '@kubernetes/client-node';
/** @kubernetes/client-node does not say that its modules have no side effects, so that the classes of all APIs would come along. */
const pureClient = {
  name: 'pure-client',
  setup(build) {
    build.onResolve({ filter: /^\./ }, async ({ path, resolveDir, pluginData, ...rest }) => {
      if (pluginData === client || !resolveDir.includes(client)) return undefined;
      const found = await build.resolve(path, { ...rest, resolveDir, pluginData: client });
      return { ...found, sideEffects: found.path.endsWith('polyfill.js') };
    });
  },
};
/** By itself first: where modules are evaluated late, unused ones are not left out any more. */
const slimClient = {
  name: 'slim-client',
  setup(outer) {
    outer.onResolve({ filter: new RegExp(`^${client}$`) }, ({ path }) => ({ path, namespace: 'slim-client' }));
    outer.onLoad({ filter: /.*/, namespace: 'slim-client' }, async () => {
      const stdin = { contents: `export { KubeConfig } from '${client}';`, resolveDir: root };
      const plugin = {
        name: 'packages',
        setup: (b) => b.onResolve({ filter: /^[^.]/ }, ({ path }) => (path === client ? undefined : { path, external: true })),
      };
      const { outputFiles } = await build({ ...options, format: 'esm', stdin, write: false, plugins: [pureClient, plugin] });
      return { contents: outputFiles[0].text, resolveDir: join(root, 'node_modules', client) };
    });
  },
};

/** @returns the folders of all packages that are in the bundle */
const bundle = async (entry, file) => {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    outfile: file,
    metafile: true,
    plugins: [lazyLibraries, slimUndici, slimClient],
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = inputs.flatMap((path) => packageOf(path) ?? []);
  return [...new Set([...folders, ...(inputs.some((path) => path.startsWith('slim-client')) ? [`node_modules/${client}`] : [])])].sort();
};

/**
 * Bundles an entry into one file, and what it loads beside it.
 * @param target the folder of the result
 * @returns the folders of all packages that are in it
 */
export const pack = async (entry, target) => {
  const work = mkdtempSync(join(tmpdir(), 'scs-kaas-build-'));
  try {
    const packages = await bundle(entry, join(work, 'bundled', 'index.js'));
    writeFileSync(join(work, 'bundled', 'package.json'), '{"type":"commonjs"}');
    // In the folder itself: ncc writes the way from where it runs into the bundle, and that folder has another name each time.
    execFileSync(process.execPath, [ncc, 'build', join('bundled', 'index.js'), '-o', 'packed', '-C', '-q'], {
      cwd: work,
      stdio: 'inherit',
    });
    cpSync(join(work, 'packed'), target, { recursive: true });
    // The package is of modules, and these are scripts: V8 gives out compiled code only for scripts.
    writeFileSync(join(target, 'package.json'), '{"type":"commonjs"}\n');
    return packages;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

/** The folder of the package that a file of a bundle is from; undefined for our own. */
const packageOf = (path) => {
  const at = path.lastIndexOf('node_modules/');
  const [scope = '', name = ''] = path.slice(at + 'node_modules/'.length).split('/');
  const before = path.slice(path.lastIndexOf(':') + 1, at);
  return at < 0 ? undefined : `${before}node_modules/${scope.startsWith('@') ? `${scope}/${name}` : scope}`;
};

/** The text of a licence: of the package itself, or of `licences/` where its authors left it out of the package. */
const licenceText = (folder, name) => {
  const own = readdirSync(join(root, folder)).find(
    (one) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(one) && existsSync(join(root, folder, one)),
  );
  const file = own === undefined ? join(import.meta.dirname, 'licences', `${name}.txt`) : join(root, folder, own);
  if (!existsSync(file)) throw new Error(`${name} brings no licence text; add it as ${file}`);
  return readFileSync(file, 'utf8').trim();
};

/**
 * The licences of packages, as their authors wrote them.
 * @throws {Error} where a package has no licence text
 */
export const licencesOf = (folders) =>
  folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n${license}\n${licenceText(folder, name)}\n`;
    })
    .join('\n');
