import { splitWords, type InputName, type Reader } from './reader.js';
import { suites, type SuiteName } from '../facts/e2e-results.js';
import { didYouMean } from '../text/did-you-mean.js';
import { trimEndOf } from '../text/trim.js';

/** What a user asked for of the upstream end-to-end tests. */
export interface E2eInputs {
  /** Results of earlier runs, as paths. */
  readonly results: readonly string[];
  /** A file with tests that may fail. */
  readonly exceptions?: string | undefined;
  /** For the tier `heavy`: what is run. */
  readonly suites: readonly SuiteName[];
  /** Regular expressions of Go, in the place of the suites and beside them; `''` without. */
  readonly focus: string;
  readonly skip: string;
  /** How many tests at once; 0 for as many as Ginkgo chooses. */
  readonly processes: number;
  readonly flakeAttempts: number;
  /** How long the step waits for a run, in milliseconds. */
  readonly waitMs: number;
  readonly onCancel: 'delete' | 'keep';
  /** Who a run is started by, instead of what the surroundings say. */
  readonly owner?: string | undefined;
  readonly images: {
    readonly sonobuoy?: string | undefined;
    readonly conformance?: string | undefined;
    readonly registry?: string | undefined;
  };
  readonly program: { readonly version?: string | undefined; readonly sha256?: string | undefined };
  /** Where the archive is kept. */
  readonly archives?: string | undefined;
}

const readSuites = (reader: Reader): readonly SuiteName[] => {
  const words = splitWords(reader.text('e2e-suites'));
  for (const word of words)
    if (!suites.some((suite) => suite === word))
      reader.problems.push(`Input "e2e-suites" holds "${word}"; it takes ${suites.join(', ')}.${didYouMean(word, suites)}`);
  return suites.filter((suite) => words.includes(suite));
};

const readProcesses = (reader: Reader): number => (reader.text('e2e-parallel') === 'auto' ? 0 : reader.number('e2e-parallel', 1, 100));

const readPattern = (reader: Reader, name: InputName): string => {
  const text = reader.text(name);
  if (text.length > 4_000) reader.problems.push(`Input "${name}" is longer than 4000 characters; give a shorter regular expression.`);
  return text;
};

const readProgram = (reader: Reader): E2eInputs['program'] => {
  const [version, sha256] = [reader.text('sonobuoy-version').replace(/^v/, ''), reader.text('sonobuoy-sha256').toLowerCase()];
  if (version !== '' && !/^\d+\.\d+\.\d+[\w.-]{0,40}$/.test(version))
    reader.problems.push(`Input "sonobuoy-version" is "${version}"; it takes a version such as 0.57.5.`);
  if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256))
    reader.problems.push('Input "sonobuoy-sha256" is no SHA-256; it takes 64 hexadecimal digits.');
  return { version: version || undefined, sha256: sha256 || undefined };
};

/** Inputs of a run of the tests: they mean nothing where none is made. */
const ofRuns = [
  ...['e2e-focus', 'e2e-owner', 'e2e-registry', 'e2e-image', 'e2e-archives'],
  ...['sonobuoy-image', 'sonobuoy-version', 'sonobuoy-sha256'],
] as const;

/** Reads what concerns the end-to-end tests, and collects what is wrong with it. */
export const readE2eInputs = (reader: Reader): E2eInputs => {
  const given = (name: InputName): boolean => reader.text(name) !== '';
  const heavy = reader.text('tier') === 'heavy';
  for (const name of ofRuns)
    if (!heavy && given(name))
      reader.problems.push(`Input "${name}" is given, but only the tier heavy runs end-to-end tests; set tier to heavy, or leave it out.`);
  if (given('e2e-exceptions') && !given('e2e-results') && !heavy)
    reader.problems.push('Input "e2e-exceptions" is given without "e2e-results", to which it applies; give both, or leave it out.');
  if (given('e2e-image') && given('e2e-registry'))
    reader.problems.push('Inputs "e2e-image" and "e2e-registry" are both given; the image names its registry, so give one.');
  const chosen = readSuites(reader);
  if (heavy && chosen.length === 0 && !given('e2e-focus') && reader.problems.length === 0)
    reader.problems.push(`Input "e2e-suites" names no suite; it takes ${suites.join(', ')}.`);
  return {
    results: splitWords(reader.text('e2e-results')),
    exceptions: reader.optional('e2e-exceptions'),
    suites: chosen,
    focus: readPattern(reader, 'e2e-focus'),
    skip: readPattern(reader, 'e2e-skip'),
    processes: readProcesses(reader),
    flakeAttempts: reader.number('e2e-flake-attempts', 1, 10),
    waitMs: reader.duration('e2e-wait'),
    onCancel: reader.choice('e2e-on-cancel', ['delete', 'keep']),
    owner: reader.text('e2e-owner').slice(0, 200) || undefined,
    images: {
      sonobuoy: reader.optional('sonobuoy-image'),
      conformance: reader.optional('e2e-image'),
      registry: trimEndOf(reader.text('e2e-registry'), '/') || undefined,
    },
    program: readProgram(reader),
    archives: reader.optional('e2e-archives'),
  };
};
