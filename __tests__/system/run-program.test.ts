import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProgram, type Ended, type Program } from '../../src/system/run-program.js';

const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-program-'));
  directories.push(directory);
  return directory;
};
afterEach(() => {
  jest.restoreAllMocks();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const PATH = process.env['PATH'] ?? '';
const run = (args: readonly string[], more: Partial<Program> = {}): Promise<Ended> =>
  runProgram({ file: args[0] ?? '', args: args.slice(1), env: { PATH }, timeoutMs: 20_000, ...more });
const sh = (script: string, more: Partial<Program> = {}): Promise<Ended> => run(['sh', '-c', script], more);
const js = (code: string, more: Partial<Program> = {}): Promise<Ended> => run([process.execPath, '-e', code], more);

/** Dead and not yet collected counts as gone. */
const alive = (pid: number): boolean => {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const until = async (met: () => boolean): Promise<boolean> => {
  for (let i = 0; i < 250 && !met(); i++) await new Promise((done) => setTimeout(done, 20));
  return met();
};
const gone = (pid: number): Promise<boolean> => until(() => !alive(pid));
/** Standard output of a program whose lines are process numbers. */
const pidsOf = ({ stdout }: Ended): readonly number[] => stdout.split('\n').filter(Boolean).map(Number);

/** A program that no polite signal ends; by itself it does after 10 s. */
const deaf = `trap '' INT TERM HUP; i=0; while [ $i -lt 50 ]; do sleep 0.2; i=$((i+1)); done`;

describe('what a program gets', () => {
  test('its arguments as they are, without a shell', async () => {
    const args = ['$HOME', '`id`', '; id', '*', '', 'a b', '"', "'", 'é\n'];
    const { stdout } = await run([process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...args]);
    expect(JSON.parse(stdout)).toEqual(args);
  });
  test('exactly the environment that is given', async () => {
    expect((await run(['/usr/bin/env'], { env: { ONLY: 'this', absent: undefined } })).stdout).toBe('ONLY=this\n');
    expect((await run(['/usr/bin/env'], { env: {} })).stdout).toBe('');
  });
  test('a name is looked for on the given PATH: neither on ours nor among the programs of a package', async () => {
    const env = { PATH: newDirectory() };
    expect(existsSync(resolve('node_modules/.bin/tsc'))).toBe(true);
    for (const file of ['sh', 'tsc']) expect(await run([file], { env })).toMatchObject({ how: 'not-started', error: 'ENOENT' });
  });
  test('its input, and none by default', async () => {
    expect((await run(['cat'], { input: 'é\n' })).stdout).toBe('é\n');
    expect((await run(['cat'], { input: '' })).stdout).toBe('');
    expect((await run(['cat'])).stdout).toBe('');
    expect(await run(['true'], { input: 'x'.repeat(5_000_000) })).toMatchObject({ how: 'exit', code: 0 });
  });
  test('no terminal', async () => {
    expect((await sh(': </dev/tty')).code).not.toBe(0);
  });
});

describe('how it ended', () => {
  test('by itself, with its exit code', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toMatchObject({ how: 'exit', code: 3, stdout: 'out\n' });
  });
  test('by a signal that is not ours', async () => {
    const ended = await sh('kill -KILL $$');
    expect(ended).toMatchObject({ how: 'exit', signal: 'SIGKILL' });
    expect(ended.code).toBeUndefined();
  });
  test.each<[string, readonly string[], string]>([
    ['a program that is not there', ['/no/such/program'], 'ENOENT'],
    ['a file that is none', ['/etc/passwd'], 'EACCES'],
    ['a folder', ['/tmp'], 'EACCES'],
    ['no name', [''], 'ERR_INVALID_ARG_VALUE'],
    ['a name with a null character', ['a\0b'], 'ERR_INVALID_ARG_VALUE'],
    ['an argument with a null character', ['true', 'a\0b'], 'ERR_INVALID_ARG_VALUE'],
    ['arguments without end', ['true', 'x'.repeat(3_000_000)], 'E2BIG'],
  ])('not started: %s', async (_, args, error) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ how: 'not-started', error, stdout: '' });
    expect(ended.tail).toHaveLength(1);
  });
  test.each<[string, Partial<Program>]>([
    ['an argument', { args: ['--token=a\0secret'] }],
    ['a variable', { env: { TOKEN: 'a\0secret' } }],
  ])('not started: the value of %s is not shown', async (_, more) => {
    const ended = await runProgram({ file: 'true', args: [], env: { PATH }, timeoutMs: 20_000, ...more });
    expect(ended).toMatchObject({ how: 'not-started', error: 'ERR_INVALID_ARG_VALUE' });
    expect(JSON.stringify(ended)).not.toContain('secret');
  });
});

describe('its output', () => {
  test('a character that comes in pieces', async () => {
    const text = 'é€😀'.repeat(500);
    const pieces = (stream: string): string =>
      `{ const b = Buffer.from(${JSON.stringify(text)}); let i = 0; const next = () => { if (i < b.length) { process.${stream}.write(b.subarray(i, (i += 7))); setImmediate(next); } }; next(); }`;
    let stderr = '';
    const ended = await js(pieces('stdout') + pieces('stderr'), { onStderr: (piece) => (stderr += piece) });
    expect(ended.stdout).toBe(text);
    expect(stderr).toBe(text);
  });
  test('the last lines of both streams, fit for a log, and each line as it comes', async () => {
    const lines: string[] = [];
    const ended = await sh(`printf '1%%\\r2%%\\n\\n\\033[32mdone\\033[0m'; printf '::error::no\\nlast' >&2`, {
      onLine: (line) => lines.push(line),
    });
    expect([...ended.tail].sort()).toEqual(['1%', '2%', ': :error::no', 'done', 'last']);
    expect(lines.sort()).toEqual([...ended.tail].sort());
    const many = await sh('seq 1000');
    expect(many.tail).toHaveLength(60);
    expect(many.tail.at(-1)).toBe('1000');
  });
  test.each([
    ['ends with it', `yes`],
    ['refuses to end', `trap '' TERM PIPE; head -c 2000000 /dev/zero; ${deaf}`],
    ['leaves it to others', `echo $$ >&2; yes & wait`],
  ])('much of it on standard output ends a program that %s', async (_, script) => {
    const begun = performance.now();
    const ended = await sh(script);
    expect(ended.how).toBe('too-much-output');
    expect(ended.stdout.length).toBeLessThanOrEqual(1_048_576);
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
  test('much of it on standard error, and a line without end, are let through', async () => {
    let characters = 0;
    const ended = await sh('head -c 50000000 /dev/zero >&2; echo ok', { onStderr: ({ length }) => (characters += length) });
    expect(ended).toMatchObject({ how: 'exit', code: 0, stdout: 'ok\n' });
    expect(characters).toBe(50_000_000);
  });
  test.each([
    ['in its group', 'sleep 8 &'],
    ['in a session of its own', 'setsid sleep 8 &'],
  ])('a daemon %s that holds it open keeps nobody waiting, and the end counts', async (_, daemon) => {
    const begun = performance.now();
    // Its time is over before its output is closed, and it has ended before.
    expect(await sh(`${daemon} echo ok; exit 4`, { timeoutMs: 1_500 })).toMatchObject({ how: 'exit', code: 4, stdout: 'ok\n' });
    expect(performance.now() - begun).toBeLessThan(6_000);
  });
});

describe('its deadline ends it and all that it started', () => {
  const scripts: Readonly<Record<string, string>> = {
    itself: 'echo $$; sleep 20',
    'one that hears no polite signal': `echo $$; ${deaf}`,
    'a child': 'sleep 20 & echo $!; wait',
    'a deaf child that holds its output open': `(${deaf}) & echo $!; sleep 20`,
    'a deaf child that outlives it': `(${deaf}) >/dev/null 2>&1 & echo $!; sleep 20`,
    'one whose parent is gone': `(sleep 20 & echo $!); sleep 20`,
    'one that is stopped': 'echo $$; kill -STOP $$; sleep 20',
    'one in a session of its own escapes, and keeps nobody waiting': 'setsid sleep 8 & sleep 8',
  };
  const timed = async (script: string) => {
    const begun = performance.now();
    return { ended: await sh(script, { timeoutMs: 700 }), ms: performance.now() - begun };
  };
  let all: Readonly<Record<string, Awaited<ReturnType<typeof timed>>>> = {};
  beforeAll(async () => {
    // They wait more than they compute.
    all = Object.fromEntries(
      await Promise.all(Object.entries(scripts).map(async ([name, script]) => [name, await timed(script)] as const)),
    );
  });
  test.each(Object.keys(scripts))('%s', async (name) => {
    const { ended, ms } = all[name]!;
    expect(ended.how).toBe('timeout');
    expect(ended.code).toBeUndefined();
    expect(ms).toBeLessThan(8_000);
    const pids = pidsOf(ended);
    expect(pids).toHaveLength(name.includes('escapes') ? 0 : 1);
    for (const pid of pids) expect(await gone(pid)).toBe(true);
  });
  test('without any other program, such as ps', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = newDirectory();
    try {
      const ended = await run(['/bin/sh', '-c', 'sleep 20 & echo $!; wait'], { timeoutMs: 500 });
      expect(ended.how).toBe('timeout');
      for (const pid of pidsOf(ended)) expect(await gone(pid)).toBe(true);
    } finally {
      process.env['PATH'] = before;
    }
  });
  test('one that we may not signal is given up', async () => {
    jest.spyOn(process, 'kill').mockReturnValue(true);
    const begun = performance.now();
    expect((await sh('echo begun; sleep 9', { timeoutMs: 300 })).how).toBe('timeout');
    expect(performance.now() - begun).toBeLessThan(7_000);
  });
  test('a deadline beyond the longest timer is none', async () => {
    expect(await sh('sleep 0.1; echo ok', { timeoutMs: 2 ** 40 + 0.5 })).toMatchObject({ how: 'exit', stdout: 'ok\n' });
  });
});

describe('a run that is stopped', () => {
  const started = async (script: string, stop: AbortSignal | undefined): Promise<{ ended: Promise<Ended>; pid: number }> => {
    const file = join(newDirectory(), 'pid');
    const ended = sh(`echo $$ >${file}.new; mv ${file}.new ${file}; ${script}`, { stop });
    expect(await until(() => existsSync(file))).toBe(true);
    return { ended, pid: Number(readFileSync(file, 'utf8')) };
  };

  test('before: nothing is started', async () => {
    const file = join(newDirectory(), 'mark');
    expect(await sh(`: >${file}`, { stop: AbortSignal.abort() })).toEqual({ how: 'stopped', stdout: '', tail: [] });
    expect(existsSync(file)).toBe(false);
  });
  test.each<[string, (stop: AbortController) => void]>([
    ['by its signal', (stop) => stop.abort()],
    ['by SIGINT', () => process.emit('SIGINT')],
    ['by SIGTERM', () => process.emit('SIGTERM')],
  ])('%s: the program ends, and nobody listens any more', async (_, end) => {
    const listeners = (): number => ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].reduce((sum, name) => sum + process.listenerCount(name), 0);
    const [stop, before] = [new AbortController(), listeners()];
    const { ended, pid } = await started('sleep 20', stop.signal);
    end(stop);
    expect((await ended).how).toBe('stopped');
    expect(await gone(pid)).toBe(true);
    expect(listeners()).toBe(before);
  });
  test('a program without stop is left to finish', async () => {
    const { ended } = await started('sleep 1; echo ok', undefined);
    process.emit('SIGINT');
    expect(await ended).toMatchObject({ how: 'exit', code: 0, stdout: 'ok\n' });
  });
  test.each([
    ['with stop it ends with our process, though it is deaf', 'new AbortController().signal', false],
    ['without stop it outlives our process', 'undefined', true],
  ])('%s', async (_, stop, outlives) => {
    const directory = newDirectory();
    const [script, pidFile] = [join(directory, 'run.mjs'), join(directory, 'pid')];
    const compiled = resolve(import.meta.dirname, '../../.cache/program/src/system/run-program.js');
    const args = ['-c', `echo $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; ${deaf}`];
    writeFileSync(
      script,
      `import { existsSync } from 'node:fs'; import { runProgram } from ${JSON.stringify(compiled)};
      void runProgram({ file: 'sh', args: ${JSON.stringify(args)}, env: { PATH: process.env.PATH }, timeoutMs: 20_000, stop: ${stop} });
      setInterval(() => existsSync(${JSON.stringify(pidFile)}) && process.exit(), 20);`,
    );
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    await new Promise((done) => child.on('exit', done));
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (outlives) {
      expect(alive(pid)).toBe(true);
      process.kill(-pid, 'SIGKILL');
    } else expect(await gone(pid)).toBe(true);
  });
});
