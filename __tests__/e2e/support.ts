import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
/** The built program: the one that is committed, or another build that is to be tried. */
export const program = join(resolve(root, process.env['SCS_KAAS_DIST'] ?? 'dist'), 'cli', 'index.js');
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

/** Waits for a pod: the kubelet shows the pods of the control plane in the API some time after these have started. */
const untilListed = (kubeconfig: string, label: string): void => {
  for (let attempt = 0; attempt < 90; attempt++) {
    if (kubectl(kubeconfig, ['get', 'pods', '-n', 'kube-system', '-l', label, '-o', 'name']).trim() !== '') return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  }
};

/** Brings a cluster of the test bed up, or keeps it. A machine under load may need a second try. @returns the path of its kubeconfig */
export const up = (name: string, tries = 2): string => {
  try {
    const kubeconfig =
      execFileSync(testbed, ['up', configOf(name)], { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
        .trim()
        .split('\n')
        .at(-1) ?? '';
    // A cluster that has just started still reports its own pods as pending.
    if (name !== 'hidden') untilListed(kubeconfig, 'component=kube-apiserver');
    // Ready would be too much to ask: where anonymous requests are refused, an API server's own probe never succeeds.
    kubectl(kubeconfig, ['wait', '--for=jsonpath={.status.phase}=Running', 'pods', '--all', '--all-namespaces', '--timeout=180s']);
    kubectl(kubeconfig, ['wait', '--for=condition=Available', 'deployments', '--all', '--all-namespaces', '--timeout=180s']);
    return kubeconfig;
  } catch (error) {
    if (tries > 1) return up(name, tries - 1);
    throw error;
  }
};

export const down = (name: string): void => {
  execFileSync(testbed, ['down', name], { env: environment(), stdio: 'ignore' });
};

/** The clusters of kind whose names begin so: another suite may run beside. */
export const kindClusters = (prefix: string): readonly string[] =>
  execFileSync('kind', ['get', 'clusters'], { encoding: 'utf8', env: environment(), stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((name) => name.startsWith(prefix));

/** Puts Sonobuoy and the end-to-end tests into a cluster of the test bed; they are built first where they are not there. */
export const withTests = (name: string): void => {
  execFileSync(testbed, ['conformance', name], { env: environment(), stdio: 'ignore' });
};

export const kubectl = (kubeconfig: string, words: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--kubeconfig', kubeconfig, ...words], {
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });

/** Every object of the cluster by kind, name and UID; what the cluster itself changes all the time is left out. */
export const objects = (kubeconfig: string): readonly string[] => {
  const kinds = kubectl(kubeconfig, ['api-resources', '--verbs=list', '-o', 'name'])
    .split('\n')
    .filter(
      (kind) =>
        kind !== '' && !/^(events|leases|componentstatuses|ipaddresses|endpointslices|endpoints)\b|^events\.|metrics\.k8s\.io/.test(kind),
    );
  const path = '{range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}/{.metadata.uid}{"\\n"}{end}';
  return kubectl(kubeconfig, ['get', kinds.join(','), '-A', '-o', `jsonpath=${path}`])
    .split('\n')
    .sort();
};

/** The image of the tier `active` as the test bed has it. */
export const probeImage = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line and waits for its end. */
export const scsKaas = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [program, ...words], {
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', failed).on('close', (code) => {
      done({ code, stdout, stderr });
    });
  });

export interface JsonReport {
  readonly verdict: string;
  readonly headline: string;
  readonly missingPermissions: readonly { readonly text: string; readonly role: string }[];
  readonly caveats: readonly string[];
  readonly requirements: readonly {
    readonly id: string;
    readonly category: string;
    readonly level: string;
    readonly outcome: string;
    readonly message: string;
    readonly rung?: string;
    readonly evidence: readonly { readonly source: string; readonly observed: string }[];
    readonly table?: { readonly rows: readonly (readonly string[])[] };
  }[];
}

/** A check that answers with its JSON report. */
export const check = async (kubeconfig: string, ...words: readonly string[]): Promise<JsonReport> => {
  const ended = await scsKaas(['check', '--kubeconfig', kubeconfig, '--format', 'json', '--offline', '--fail-on', 'never', ...words]);
  if (ended.code !== 0) throw new Error(`scs-kaas ended with ${ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout) as JsonReport;
};

export const outcomesOf = (report: JsonReport): Record<string, string> =>
  Object.fromEntries(report.requirements.map((r) => [r.id, r.outcome]));

export const fromRoot = (...path: readonly string[]): string => join(root, ...path);

const day = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * day).toISOString().slice(0, 10);

/** Release data as of some days ago; versions and branches with how many days ago they were released. */
export interface ReleaseDays {
  readonly asOf?: number;
  readonly cvesAsOf?: number;
  readonly patches: Readonly<Record<string, number>>;
  /** Branch to the days since its release and until its end. */
  readonly minors: Readonly<Record<string, readonly [released: number, endsIn: number]>>;
  /** Critical CVEs by the patch that fixes them; all earlier ones are affected. */
  readonly fixed?: Readonly<Record<string, string>>;
}

/** Writes release data relative to today: the clusters' certificates are of today too. @returns the file's path */
export const releaseData = (directory: string, days: ReleaseDays): string => {
  const critical = Object.entries(days.fixed ?? {}).map(([id, fixed]) => ({ id, score: 9, ranges: [{ introduced: '1.0.0', fixed }] }));
  const data = {
    schemaVersion: '1',
    releases: {
      asOf: ago(days.asOf ?? 0),
      source: 'made for this test',
      minors: Object.entries(days.minors).map(([minor, [released, endsIn]]) => ({
        minor,
        released: ago(released),
        endOfLife: ago(-endsIn),
      })),
      patches: Object.entries(days.patches).map(([version, released]) => ({ version, released: ago(released) })),
      incomplete: [],
    },
    cves: { asOf: ago(days.cvesAsOf ?? 0), source: 'made for this test', reviewed: critical.map((c) => c.id), critical },
  };
  const path = join(directory, 'release-data.json');
  writeFileSync(path, JSON.stringify(data));
  return path;
};

/** As it was on 2026-11-23 for clusters of 1.36.3: two newer patches, one newer branch, CVE data that nobody refreshed. */
export const behind: ReleaseDays = {
  cvesAsOf: 735,
  patches: { '1.37.0': 89, '1.37.1': 61, '1.37.2': 27, '1.36.3': 124, '1.36.4': 95, '1.36.5': 61 },
  minors: { '1.37': [89, 338], '1.36': [215, 217], '1.35': [341, 97] },
};
