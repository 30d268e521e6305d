import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL, URL } from 'node:url';
import { key } from './jest-globals.mjs';

const require = createRequire(import.meta.url);
const { default: Runtime } = require('jest-runtime');

const sources = new URL('../../src/', import.meta.url).href;
const program = new URL('../../.cache/program/src/', import.meta.url).href;
const globals = new URL('jest-globals.mjs', import.meta.url).href;

/** Tests import `.js` as TypeScript wants it: of a source that is what `compile-sources.mjs` compiled, of a test the file itself. */
const resolve = (specifier, context, next) => {
  if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
  if (!/^\..*\.js$/.test(specifier) || !context.parentURL?.endsWith('.ts')) return next(specifier, context);
  const url = new URL(specifier, context.parentURL).href;
  return url.startsWith(sources) ? next(url.replace(sources, program), context) : next(url.replace(/\.js$/, '.ts'), context);
};

registerHooks({ resolve });

/** Imports tests as Node imports any module: the test files of a worker share the modules of the program, and nothing is transformed. */
export default class NodeRuntime extends Runtime {
  #testPath;

  constructor(...given) {
    super(...given);
    this.#testPath = given[6];
  }

  installGetBuiltinModule() {}

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    await import(pathToFileURL(path).href);
  }

  /** What collects and runs the tests of a file, which has its state in its module and in a global. */
  requireInternalModule(path) {
    Reflect.deleteProperty(require.cache, path);
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    return require(path);
  }

  setGlobalsForRuntime(given) {
    globalThis[key] = { ...given, jest: this.jestGlobals.jestObjectFor(this.#testPath) };
  }
}
