import { bounded } from '../text/bounded.js';
import { BadResults, NoReport } from './bad-results.js';
import { canonicalName, isOfSuite, isTestName } from './names.js';
import { readXml } from './xml.js';

/** How one test came out. `unfinished`: it was begun and not ended. `skipped`: the test itself said so. `not-run`: it was never begun. */
type TestState = 'passed' | 'failed' | 'timed-out' | 'unfinished' | 'skipped' | 'not-run';

/** One entry of a JUnit file. */
export interface TestCase {
  /** With its kind, in one form for all tools: `[It] [sig-network] …`. */
  readonly name: string;
  readonly state: TestState;
  /** Of a failed one; else `''`. */
  readonly message: string;
  readonly seconds: number;
  /** Where a failed one stands in the sources, e.g. `test/e2e/network/dns.go:53`; else `''`. */
  readonly at: string;
}

/** A JUnit file, as Ginkgo writes it. */
export interface Junit {
  readonly cases: readonly TestCase[];
  /** True unless all that it holds is something else than an end-to-end suite, e.g. the steps of the tool that started the tests. */
  readonly ofSuite: boolean;
  /** Of all suites; the last one wins. */
  readonly properties: ReadonlyMap<string, string>;
  /** The earliest begin and the latest end of its suites, ISO 8601; `''` where it does not say. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

const longestTestName = 500;
const longestMessage = 600;
const maxCases = 100_000;
/** The log of a failed test begins with where it stands, and may be endless. */
const maxLog = 65_536;

/** What Ginkgo writes as `status`. Every word that is not here is a test of which nobody knows how it came out. */
const states: Readonly<Record<string, TestState>> = {
  passed: 'passed',
  failed: 'failed',
  panicked: 'failed',
  timedout: 'timed-out',
  interrupted: 'unfinished',
  aborted: 'unfinished',
  skipped: 'skipped',
  pending: 'not-run',
};

interface OpenCase {
  readonly attributes: ReadonlyMap<string, string>;
  skipped?: string | undefined;
  broken?: boolean | undefined;
  message: string;
  at: string;
}

interface Counted {
  readonly attributes: ReadonlyMap<string, string>;
  readonly cases: TestCase[];
}

/** A number as Go writes it: of a sum of nanoseconds the shortest text that reads back the same may have 17 digits, and from a million on it has an exponent. */
const amount = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}(\.\d{1,20})?(e[+-]?\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;

/** The elements that say how a test came out decide beside its `status`, and never for the better. */
const stateOf = ({ attributes, skipped, broken }: OpenCase): TestState => {
  const status = attributes.get('status');
  const said = status === undefined ? undefined : Object.hasOwn(states, status) ? states[status] : 'unfinished';
  if (broken === true) return said === 'timed-out' || said === 'unfinished' ? said : 'failed';
  // Ginkgo writes the same word for what the focus left out and for what skipped itself, which gives a reason.
  if (skipped !== undefined && (said === undefined || said === 'skipped'))
    return /^(skipped|pending)?$/.test(skipped) ? 'not-run' : 'skipped';
  if (skipped !== undefined) return said === 'not-run' ? said : 'unfinished';
  return said ?? 'passed';
};

/** A place in the sources of Kubernetes; `''` where a path leads somewhere else. */
const codePlace = (file = '', line = ''): string => {
  const path = /(?:^|[/@])(test\/e2e\/(?:[A-Za-z0-9_][\w.-]{0,80}\/){0,8}[A-Za-z0-9_][\w.-]{0,80}\.go)$/.exec(file)?.[1];
  return path === undefined ? '' : `${path}:${line}`;
};

/** Where the log says that the test itself was entered. */
const enteredAt = (log: string): string => {
  const [, file, line] = /Enter \[It\] .{1,1500}? - (\S{1,300}\.go):(\d{1,6}) @ /s.exec(log.slice(0, maxLog)) ?? [];
  return codePlace(file, line);
};

/** Where it failed, which may be in a helper of many tests: better than nothing. */
const failedAt = (message: string): string => {
  const [, file, line] = /\bIn \[It\] at: (\S{1,300}\.go):(\d{1,6}) @ /.exec(message) ?? [];
  return codePlace(file, line);
};

const toCase = (open: OpenCase): TestCase => ({
  name: canonicalName(open.attributes.get('name') ?? '', longestTestName),
  state: stateOf(open),
  message: bounded(open.message, longestMessage),
  seconds: amount(open.attributes.get('time')) || 0,
  at: open.broken === true ? open.at || failedAt(open.message.slice(0, longestMessage * 4)) : '',
});

/** It did not pass, and was not left out. */
export const isBad = ({ state }: TestCase): boolean => state === 'failed' || state === 'timed-out' || state === 'unfinished';
export const isIdle = ({ state }: TestCase): boolean => state === 'skipped' || state === 'not-run';

/** A file that says of itself how much it holds, and holds something else, was cut, mended or damaged. */
const checkCounts = ({ attributes, cases }: Counted): void => {
  const [tests, failures, errors] = ['tests', 'failures', 'errors'].map((key) =>
    amount(attributes.get(key) ?? (key === 'errors' ? '0' : undefined)),
  );
  if (tests === undefined || failures === undefined || errors === undefined || Number.isNaN(tests + failures + errors))
    throw new BadResults('a <testsuite> does not say how many tests it holds and how many failed');
  const bad = cases.filter(isBad).length;
  const idle = cases.filter(isIdle).length;
  if (tests !== cases.length)
    throw new BadResults(`it contradicts itself: it says that it holds ${tests} tests, and holds ${cases.length}`);
  if (failures + errors !== bad)
    throw new BadResults(`it contradicts itself: it says that ${failures + errors} tests failed, and holds ${bad} failed ones`);
  const skipped = attributes.get('skipped');
  if (skipped !== undefined && amount(skipped) + (amount(attributes.get('disabled')) || 0) !== idle)
    throw new BadResults(`it contradicts itself: it says that ${skipped.slice(0, 10)} tests were skipped, and holds ${idle} skipped ones`);
};

const timesOf = (suites: readonly Counted[]): Pick<Junit, 'startedAt' | 'finishedAt'> => {
  const spans = suites.map(({ attributes }) => {
    const text = attributes.get('timestamp') ?? '';
    // Ginkgo writes the pod's local time without its zone; pods have UTC.
    const begin = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
    return { begin, end: begin + amount(attributes.get('time')) * 1_000 };
  });
  if (spans.length === 0 || spans.some(({ begin, end }) => Number.isNaN(begin) || Number.isNaN(end)))
    return { startedAt: '', finishedAt: '' };
  const iso = (ms: number): string => (Math.abs(ms) < 8e15 ? new Date(ms).toISOString() : '');
  return { startedAt: iso(Math.min(...spans.map((s) => s.begin))), finishedAt: iso(Math.max(...spans.map((s) => s.end))) };
};

const beneath: Readonly<Record<string, readonly string[]>> = {
  '': ['testsuites', 'testsuite'],
  testsuites: ['testsuite'],
  testsuite: ['properties', 'testcase', 'system-out', 'system-err'],
  properties: ['property'],
  testcase: ['failure', 'error', 'skipped', 'system-out', 'system-err', 'properties'],
};

/**
 * Reads a JUnit file of the end-to-end tests. It may come from anywhere: nothing in it is believed that another part of it denies.
 * @throws {BadResults} where it is no such file, is cut, contradicts itself or is beyond the bounds
 */
export const parseJunit = (text: string): Junit => {
  const path: string[] = [];
  const properties = new Map<string, string>();
  const suites: Counted[] = [];
  let total = 0;
  let entries = 0;
  let current: OpenCase | undefined;
  readXml(text, {
    open: (name, attributes) => {
      const parent = path.at(-1) ?? '';
      if (!(Object.hasOwn(beneath, parent) && beneath[parent]?.includes(name) === true))
        throw path.length === 0
          ? new NoReport('it is no JUnit file')
          : new BadResults(`it has an element <${name.slice(0, 50)}> in <${parent.slice(0, 50)}>, which JUnit does not know`);
      path.push(name);
      if (name === 'testsuite') suites.push({ attributes, cases: [] });
      else if (name === 'testcase') current = { attributes, message: '', at: '' };
      else if (name === 'property' && current === undefined && properties.size < 500)
        properties.set(attributes.get('name') ?? '', attributes.get('value') ?? '');
      else if (current !== undefined && (name === 'failure' || name === 'error')) {
        current.broken = true;
        current.message = (attributes.get('message') ?? '').slice(0, longestMessage);
      } else if (current !== undefined && name === 'skipped') current.skipped = attributes.get('message') ?? '';
    },
    text: (inner) => {
      const inside = path.at(-1);
      if (current !== undefined && (inside === 'failure' || inside === 'error') && current.message.length < longestMessage * 4)
        current.message += `${current.message === '' ? '' : ' '}${inner}`;
      if (current !== undefined && inside === 'system-err' && current.at === '') current.at = enteredAt(inner);
    },
    close: (name) => {
      path.pop();
      if (name !== 'testcase' || current === undefined) return;
      if (++total > maxCases) throw new BadResults(`it holds more than ${maxCases} tests`);
      if (isOfSuite((current.attributes.get('name') ?? '').trim())) entries += 1;
      suites.at(-1)?.cases.push(toCase(current));
      current = undefined;
    },
  });
  if (suites.length === 0) throw new BadResults('it holds no test suite');
  for (const suite of suites) checkCounts(suite);
  return { cases: suites.flatMap((suite) => suite.cases), ofSuite: entries > 0 || total === 0, properties, ...timesOf(suites) };
};

/** How much a state weighs where a test is named twice, in the files of parallel processes or in one: never for the better. */
const weight: Readonly<Record<TestState, number>> = { failed: 5, 'timed-out': 4, unfinished: 3, passed: 2, skipped: 1, 'not-run': 0 };

/** Every test once. What is no test (`[BeforeSuite]` and its like) stays as it is: each process has its own. */
export const mergeCases = (cases: readonly TestCase[]): readonly TestCase[] => {
  const merged = new Map<string, TestCase>();
  for (const [i, entry] of cases.entries()) {
    const key = isTestName(entry.name) ? entry.name : `${i} ${entry.name}`;
    const other = merged.get(key);
    if (other === undefined || weight[entry.state] > weight[other.state]) merged.set(key, entry);
  }
  return [...merged.values()];
};
