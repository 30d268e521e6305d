import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `sonobuoy gen` prints, as far as it is looked at. */
export const generated = (namespace = 'scs-kaas-sonobuoy'): string => {
  const labels = { component: 'sonobuoy', namespace };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sonobuoy-serviceaccount', namespace } },
    { kind: 'ClusterRoleBinding', metadata: { name: `sonobuoy-serviceaccount-${namespace}`, labels }, roleRef: {} },
    { kind: 'ClusterRole', metadata: { name: `sonobuoy-serviceaccount-${namespace}`, labels }, rules: [] },
    { kind: 'ConfigMap', metadata: { name: 'sonobuoy-plugins-cm', namespace }, data: { 'plugin-0.yaml': 'spec: {}' } },
    { kind: 'Pod', metadata: { name: 'sonobuoy', namespace, labels: { 'sonobuoy-component': 'aggregator' } }, spec: {} },
    { kind: 'Service', metadata: { name: 'sonobuoy-aggregator', namespace }, spec: {} },
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
};

/** A program that behaves as Sonobuoy does, for those who run it as a process. */
export interface FakeSonobuoy {
  /** The folder that holds it, for a PATH. */
  readonly bin: string;
  /** The arguments of each call. */
  readonly calls: () => readonly (readonly string[])[];
  /** The environment of the last call. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** The kubeconfig that the last `retrieve` was given. */
  readonly kubeconfig: () => string;
  /** The list of registries that the last `gen` was given. */
  readonly registries: () => string;
  /** What the next calls of `retrieve` do, in turns; the last one for ever: write a file, or fail with a text. */
  readonly retrieves: (turns: readonly ({ readonly archive: string } | { readonly error: string })[]) => void;
  readonly generates: (text: string) => void;
}

/** @param directory an empty folder */
export const fakeSonobuoy = (directory: string, version = 'v0.57.5'): FakeSonobuoy => {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('gen'), generated());
  writeFileSync(at('turns'), '[]');
  writeFileSync(
    join(bin, 'sonobuoy'),
    `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const at = (name) => path.join(${JSON.stringify(directory)}, name);
const args = process.argv.slice(2);
fs.appendFileSync(at('calls'), JSON.stringify(args) + '\\n');
fs.writeFileSync(at('environment'), JSON.stringify(process.env));
if (args[0] === 'version') console.log(${JSON.stringify(version)});
const list = args.indexOf('--e2e-repo-config');
if (list > 0) fs.copyFileSync(args[list + 1], at('registries'));
if (args[0] === 'gen') process.stdout.write(fs.readFileSync(at('gen'), 'utf8'));
if (args[0] === 'retrieve') {
  fs.copyFileSync(args[args.indexOf('--kubeconfig') + 1], at('kubeconfig'));
  const turns = JSON.parse(fs.readFileSync(at('turns'), 'utf8'));
  const turn = turns[0];
  if (turns.length > 1) fs.writeFileSync(at('turns'), JSON.stringify(turns.slice(1)));
  if (turn.error) { console.error(turn.error); process.exit(1); }
  fs.copyFileSync(turn.archive, path.join(args[1], args[args.indexOf('--filename') + 1]));
}
`,
  );
  chmodSync(join(bin, 'sonobuoy'), 0o755);
  const lines = (): readonly string[] => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);
  return {
    bin,
    calls: () => lines().map((line) => JSON.parse(line) as string[]),
    environment: () => JSON.parse(readFileSync(at('environment'), 'utf8')) as Record<string, string>,
    kubeconfig: () => readFileSync(at('kubeconfig'), 'utf8'),
    registries: () => readFileSync(at('registries'), 'utf8'),
    retrieves: (turns) => writeFileSync(at('turns'), JSON.stringify(turns)),
    generates: (text) => writeFileSync(at('gen'), text),
  };
};
