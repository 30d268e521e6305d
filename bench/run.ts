// Prints the promises about speed as ratios to a floor, measured in turns in one run: `npm run bench`.
import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

interface Figure {
  readonly ms: number;
  readonly cpu: number;
  readonly rss: number;
}
interface Server {
  readonly kubeconfig: string;
  readonly url: string;
  readonly ca: string;
  readonly process: ChildProcess;
}

const here = import.meta.dirname;
const bundled = (entry: string): string => join('..', 'bundled', entry, 'index.js');
const median = (some: readonly number[]): number => [...some].sort((a, b) => a - b)[Math.floor(some.length / 2)] ?? Number.NaN;
const answerOf = <T>(child: ChildProcess): Promise<T> =>
  new Promise((done, failed) => {
    child.once('message', (message) => done(message as T));
    child.once('exit', (code) => failed(new Error(`ended with ${code} and said nothing`)));
  });
const measured = (file: string, args: readonly string[]): Promise<Figure> => answerOf<Figure>(fork(join(here, file), args));
const serverOf = async (file: string, args: readonly string[]): Promise<Server> => {
  const child = fork(join(here, file), args);
  return { ...(await answerOf<Omit<Server, 'process'>>(child)), process: child };
};

/** Runs two things in turns, so that a machine whose speed drifts is as unfair to one as to the other. */
const inTurns = async <T>(times: number, a: () => Promise<T>, b: () => Promise<T>): Promise<readonly [readonly T[], readonly T[]]> => {
  const [left, right]: [T[], T[]] = [[], []];
  await a();
  await b();
  for (let i = 0; i < times; i++) {
    left.push(await a());
    right.push(await b());
  }
  return [left, right];
};

let missed = 0;
const row = (what: string, ours: string, floor: string, value: number, promise: number, unit = 'times'): void => {
  const kept = value <= promise;
  if (!kept) missed++;
  console.log(
    `${what.padEnd(52)} ${ours.padStart(10)} ${floor.padStart(10)} ${value.toFixed(2).padStart(8)} ${`<= ${promise} ${unit}`.padStart(14)}  ${kept ? 'kept' : 'MISSED'}`,
  );
};
const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** Milliseconds until a program writes its first byte. */
const firstOutput = (file: string): Promise<number> =>
  new Promise((done, failed) => {
    const started = performance.now();
    const env = {
      PATH: process.env['PATH'],
      INPUT_CLUSTER: 'embedded',
      INPUT_REPORTS: 'annotations, log, json, markdown, snapshot',
      'INPUT_FAIL-ON': 'never',
      INPUT_OFFLINE: 'true',
    };
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let first = Number.NaN;
    child.stdout.once('data', () => {
      first = performance.now() - started;
    });
    child.stdout.resume();
    child.on('error', failed).on('close', () => done(first));
  });

const startUp = async (): Promise<void> => {
  const folder = join('.cache', 'bench-core');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'core.js'), "import { info } from '@actions/core';\ninfo('started');\n");
  execFileSync(process.execPath, [
    'node_modules/@vercel/ncc/dist/ncc/cli.js',
    'build',
    join(folder, 'core.js'),
    '-o',
    join(folder, 'dist'),
    '-C',
    '-q',
    '--minify',
  ]);
  const [ours, floor] = await inTurns(
    21,
    () => firstOutput('dist/index.js'),
    () => firstOutput(join(folder, 'dist', 'index.js')),
  );
  row('start of dist until its first output', ms(median(ours)), ms(median(floor)), median(ours) / median(floor), 2);
};

const suiteOn = async (what: string, kubeconfig: string, promise?: number): Promise<void> => {
  const list = join('.cache', 'bench-requests.json');
  await measured('requests.js', [kubeconfig, list]);
  const [ours, floor] = await inTurns(
    15,
    () => measured(bundled('suite'), [kubeconfig]),
    () => measured(bundled('bare'), [kubeconfig, list]),
  );
  const [a, b] = [median(ours.map((f) => f.ms)), median(floor.map((f) => f.ms))];
  if (promise !== undefined) row(`light suite on ${what}`, ms(a), ms(b), a / b, promise);
  else console.log(`${`light suite on ${what}`.padEnd(52)} ${ms(a).padStart(10)} ${ms(b).padStart(10)} ${(a / b).toFixed(2).padStart(8)}`);
};

/**
 * On a real cluster where one is named, which is what is promised; and on recorded answers, which cost a server nothing: our own part shows best there, and
 * no cluster is like that.
 */
const suite = async (): Promise<void> => {
  const cluster = process.env['BENCH_KUBECONFIG'];
  if (cluster !== undefined) await suiteOn('a real cluster (BENCH_KUBECONFIG)', cluster, 2);
  else console.log('light suite on a real cluster: not measured, BENCH_KUBECONFIG names none');
  const server = await serverOf('cluster-server.js', []);
  await suiteOn('recorded answers', server.kubeconfig);
  server.process.disconnect();
};

const nodes = async (): Promise<void> => {
  const perNode: number[] = [];
  for (const size of [50, 500, 5_000]) {
    const server = await serverOf('nodes-server.js', [String(size)]);
    const [ours, floor] = await inTurns(
      size === 5_000 ? 5 : 9,
      () => measured(bundled('suite'), [server.kubeconfig]),
      () => measured('bare-nodes.js', [server.url, server.ca]),
    );
    const [a, b] = [median(ours.map((f) => f.ms)), median(floor.map((f) => f.ms))];
    perNode.push(a);
    if (size === 5_000) {
      row('5,000 nodes of 15 kB', ms(a), ms(b), a / b, 3);
      const rss = median(ours.map((f) => f.rss));
      row('5,000 nodes: peak memory', `${rss.toFixed(0)} MB`, '', rss, 350, 'MB');
    } else console.log(`${`${size} nodes`.padEnd(52)} ${ms(a).padStart(10)} ${ms(b).padStart(10)}`);
    server.process.disconnect();
  }
  const [small = 0, middle = 0, large = 0] = perNode;
  // Linear: what a further node costs does not grow with how many there are.
  const ratio = (large - middle) / 4_500 / Math.max((middle - small) / 450, 0.001);
  row(
    'cost of a further node, 500-5,000 against 50-500',
    `${((large - middle) / 4_500).toFixed(3)} ms`,
    `${((middle - small) / 450).toFixed(3)} ms`,
    ratio,
    1.5,
  );
};

const main = async (): Promise<void> => {
  console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? ''}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB\n`);
  console.log(`${''.padEnd(52)} ${'ours'.padStart(10)} ${'floor'.padStart(10)} ${'ratio'.padStart(8)} ${'promise'.padStart(14)}`);
  await startUp();
  await suite();
  await nodes();
  process.exitCode = missed === 0 ? 0 : 1;
};

void main();
