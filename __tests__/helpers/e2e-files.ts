import { gzipSync } from 'node:zlib';
import type { E2eResults, ThisCluster } from '../../src/facts/e2e-results.js';
import { toResults } from '../../src/facts/e2e-results.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import type { ImportedRun } from '../../src/conformance/run.js';

/** One entry of a tar. */
export interface Entry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** `0` is a regular file, `2` a symbolic link, `5` a folder, `x` a pax header, `L` GNU's long name. */
  readonly type?: string;
  readonly link?: string;
  /** What the header says, where that is not the truth. */
  readonly size?: number;
}

const headerOf = ({ path, content = '', type = '0', link = '', size }: Entry): Buffer => {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100, 'utf8');
  header.write('0000644\0', 100);
  header.write((size ?? Buffer.byteLength(content)).toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};

/** A tar of the entries, as they are said to be. */
export const tarOf = (entries: readonly Entry[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap((entry) => {
      const content = Buffer.from(entry.content ?? '');
      return [headerOf(entry), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
    }),
    Buffer.alloc(1_024),
  ]);

/** A test of a JUnit file. */
export interface Test {
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  readonly time?: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;').replaceAll('\n', '&#xA;');

const caseOf = ({ name, status = 'passed', message = '', time = '1.5' }: Test): string => {
  const head = `<testcase name="${escaped(name)}" classname="Kubernetes e2e suite" status="${status}" time="${status === 'skipped' ? '0' : time}">`;
  if (status === 'skipped')
    return `${head}<skipped message="${message === '' ? 'skipped' : escaped(`skipped - ${message}`)}"></skipped></testcase>`;
  if (status === 'panicked') return `${head}<error message="" type="panicked">${escaped(message)}</error></testcase>`;
  return status === 'passed'
    ? `${head}</testcase>`
    : `${head}<failure message="" type="${status}">${escaped(message)}</failure></testcase>`;
};

export interface JunitOptions {
  readonly properties?: Readonly<Record<string, string>>;
  readonly timestamp?: string;
}

/** A JUnit file as Ginkgo writes it. */
export const junitOf = (tests: readonly Test[], { properties = {}, timestamp = '2026-11-20T10:00:00' }: JunitOptions = {}): string => {
  const of = (...some: readonly string[]): number => tests.filter(({ status = 'passed' }) => some.includes(status)).length;
  const failures = of('failed', 'timedout');
  const errors = of('panicked', 'interrupted', 'aborted');
  const counts = `tests="${tests.length}" disabled="0" skipped="${of('skipped')}" errors="${errors}" failures="${failures}" time="3600.5"`;
  const all = {
    SuiteSucceeded: String(failures + errors === 0),
    SpecialSuiteFailureReason: '',
    FlakeAttempts: '0',
    DryRun: 'false',
    ...properties,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests.length}" disabled="${of('skipped')}" errors="${errors}" failures="${failures}" time="3600.5">`,
    `<testsuite name="Kubernetes e2e suite" package="/usr/local/bin" ${counts} timestamp="${timestamp}">`,
    `<properties>${Object.entries(all)
      .map(([key, value]) => `<property name="${key}" value="${escaped(value)}"></property>`)
      .join('')}</properties>`,
    ...tests.map(caseOf),
    '</testsuite></testsuites>',
  ].join('\n');
};

const many = (count: number, name: (i: number) => string, more: Partial<Test> = {}): readonly Test[] =>
  Array.from({ length: count }, (_, i) => ({ name: name(i), ...more }));

/** Tests of a suite, with names like those of upstream. */
export const conformanceTests = (count: number, more?: Partial<Test>): readonly Test[] =>
  many(count, (i) => `[It] [sig-apps] Deployment number ${i} should run [Conformance]`, more);
export const policyTests = (count: number, more?: Partial<Test>): readonly Test[] =>
  many(
    count,
    (i) => `[It] [sig-network] Netpol NetworkPolicy between server and client should do number ${i} [Feature:NetworkPolicy]`,
    more,
  );

export const uid = '51c19d3a-9388-4d8d-840c-82dc43bb7f12';

/** The entries of a Sonobuoy archive with these results. */
export const archiveEntries = (junit: string, { status = 'passed', version = 'v1.36.3', cluster = uid } = {}): readonly Entry[] => [
  { path: 'meta/', type: '5' },
  { path: 'meta/config.json', content: '{"Version":"v0.57.5"}' },
  { path: 'serverversion.json', content: JSON.stringify({ gitVersion: version }) },
  {
    path: 'plugins/e2e/definition.json',
    content: JSON.stringify({ Definition: { spec: { image: `registry.k8s.io/conformance:${version}`, env: [] } } }),
  },
  { path: 'plugins/e2e/sonobuoy_results.yaml', content: `name: e2e\nstatus: ${status}\nmeta:\n  type: summary\n` },
  { path: 'plugins/e2e/results/global/junit_01.xml', content: junit },
  {
    path: 'resources/cluster/core_v1_namespaces.json',
    content: JSON.stringify({ items: [{ metadata: { name: 'kube-system', uid: cluster } }] }),
  },
  { path: 'resources/cluster/core_v1_nodes.json', content: JSON.stringify({ items: [{ metadata: { name: 'worker-1', uid: 'n' } }] }) },
];

/** A Sonobuoy archive with these results. */
export const archiveOf = (junit: string, options?: Parameters<typeof archiveEntries>[1]): Buffer =>
  gzipSync(tarOf(archiveEntries(junit, options)));

/** The fact, for imported runs and a cluster that is the one of their archive. */
export const resultsOf = (
  runs: readonly ImportedRun[],
  exceptions: E2eResults['exceptions'] = upstreamExceptions,
  now: ThisCluster = { kubeSystem: runs[0]?.origin.kubeSystem ?? null, nodes: [] },
): E2eResults => toResults({ runs, exceptions }, now);
