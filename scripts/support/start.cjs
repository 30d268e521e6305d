#!/usr/bin/env node
// Starts the program by the code that earlier runs have compiled, each function that was called included: compiling takes a fifth of a check. Node's own
// cache (`module.enableCompileCache`) keeps a module as it is before anything of it was called. Not in CI, where a machine rarely lasts.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
// As wholes: an older Node lacks some of it, and would not get as far as saying so.
const modules = require('node:module');
const { isAbsolute, join } = require('node:path');
const vm = require('node:vm');
const zlib = require('node:zlib');

const main = join(__dirname, 'main.js');
/** The first runs differ most in what they call; later ones add to it once a day. */
const firstRuns = 4;
const dayMs = 86_400_000;
const unusedMs = 30 * dayMs;
/** The checksum of the code, and how many runs have added to it, 32 bits each. */
const headBytes = 8;

/** In the folder of the user, as whoever writes to it decides what is run. */
const folder = () => {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '', CI: ci = '' } = process.env;
  const base = isAbsolute(cache) ? cache : isAbsolute(home) ? join(home, '.cache') : '';
  if (ci !== '' || base === '' || process.getuid === undefined) return undefined;
  const own = join(base, 'scs-kaas', 'compiled');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(own);
  return uid === process.getuid() && (mode & 0o077) === 0 ? own : undefined;
};

/** What was kept, undefined where it is damaged or there is none. */
const read = (file) => {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(headBytes);
    const whole = bytes.length > headBytes && zlib.crc32(code) === bytes.readUInt32LE(0);
    return whole ? { code, runs: bytes.readUInt32LE(4), due: Date.now() - statSync(file).mtimeMs > dayMs } : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps code, and lets go of what nobody has used for long. */
const write = (own, file, code, runs) => {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(zlib.crc32(code), 0);
  head.writeUInt32LE(runs, 4);
  const part = `${file}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.concat([head, code]), { mode: 0o600 });
    renameSync(part, file);
    for (const name of readdirSync(own))
      if (Date.now() - statSync(join(own, name)).mtimeMs > unusedMs) rmSync(join(own, name), { recursive: true, force: true });
  } catch {
    // A full disk: the next run compiles again.
    rmSync(part, { force: true });
  }
};

/** The program, ready to run; undefined where nothing can be kept. */
const prepare = () => {
  const own = folder();
  if (own === undefined) return undefined;
  const source = readFileSync(main);
  const file = join(own, `${process.version}-${process.arch}-${zlib.crc32(source).toString(16)}`);
  const kept = read(file);
  const script = new vm.Script(modules.wrap(source.toString()), {
    filename: main,
    cachedData: kept?.code,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const usable = kept !== undefined && script.cachedDataRejected !== true;
  if (!usable || kept.runs < firstRuns || kept.due)
    process.once('exit', () => {
      const code = script.createCachedData();
      // A long run has let go of what it called at its beginning.
      write(own, file, usable && kept.code.length > code.length ? kept.code : code, usable ? kept.runs + 1 : 1);
    });
  const started = { exports: {} };
  return () => script.runInThisContext()(started.exports, modules.createRequire(main), started, main, __dirname);
};

const prepared = () => {
  try {
    return prepare();
  } catch {
    // A folder that cannot be made, or an old Node: the program starts without.
    return undefined;
  }
};

(prepared() ?? (() => require('./main.js')))();
