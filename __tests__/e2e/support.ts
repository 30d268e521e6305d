import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const testbed = resolve(root, process.env['TESTBED'] ?? '../shared/testbed/testbed');

/** Where a config of our own stands, by its name; one of the test bed goes by its name alone. */
const configOf = (name: string): string => {
  const own = join(root, '__tests__', 'e2e', 'clusters', `${name}.yaml`);
  return existsSync(own) ? own : name;
};

/** Programs of the test bed come first on the PATH. */
export const environment = (): NodeJS.ProcessEnv => {
  const bin = join(process.env['TESTBED_HOME'] ?? join(homedir(), '.cache', 'testbed'), 'bin');
  return { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
};

/** Brings a cluster of the test bed up, or keeps it. @returns the path of its kubeconfig */
export const up = (name: string): string => execFileSync(testbed, ['up', configOf(name)], { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').at(-1) ?? '';

export const down = (name: string): void => {
  execFileSync(testbed, ['down', name], { env: environment(), stdio: 'ignore' });
};

export const kubectl = (kubeconfig: string, words: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--kubeconfig', kubeconfig, ...words], { encoding: 'utf8', env: environment(), maxBuffer: 1 << 28, ...(input === undefined ? {} : { input }) });

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line and waits for its end. */
export const scsKaas = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'index.js'), ...words], { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', failed).on('close', (code) => {
      done({ code, stdout, stderr });
    });
  });

export interface JsonReport {
  readonly verdict: string;
  readonly missingPermissions: readonly { readonly text: string; readonly role: string }[];
  readonly requirements: readonly { readonly id: string; readonly outcome: string; readonly because: string; readonly rung?: string }[];
}

/** A check that answers with its JSON report. */
export const check = async (kubeconfig: string, ...words: readonly string[]): Promise<JsonReport> => {
  const ended = await scsKaas(['check', '--kubeconfig', kubeconfig, '--format', 'json', '--offline', '--fail-on', 'never', ...words]);
  if (ended.code !== 0) throw new Error(`scs-kaas ended with ${ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout) as JsonReport;
};

export const outcomesOf = (report: JsonReport): Record<string, string> => Object.fromEntries(report.requirements.map((r) => [r.id, r.outcome]));

export const fixture = (name: string): string => readFileSync(join(root, '__tests__', 'fixtures', name), 'utf8');
export const fromRoot = (...path: readonly string[]): string => join(root, ...path);
