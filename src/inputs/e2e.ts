import { inSentence } from './layers.js';
import { splitWords, type Named, type Reader, type SettingName } from './reader.js';
import { suites, type SuiteName } from '../facts/e2e-results.js';
import { didYouMean } from '../text/did-you-mean.js';
import { trimEndOf } from '../text/trim.js';

/** What a user asked for of the end-to-end tests of Kubernetes. */
export interface E2eInputs {
  /** Results of earlier runs, as paths. */
  readonly results: readonly string[];
  /** A file with tests that may fail. */
  readonly exceptions?: Named | undefined;
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
  const words = splitWords(reader.text('e2e.suites'));
  for (const word of words)
    if (!suites.some((suite) => suite === word))
      reader.problems.push(`${reader.nameOf('e2e.suites')} holds "${word}"; it takes ${suites.join(', ')}.${didYouMean(word, suites)}`);
  return suites.filter((suite) => words.includes(suite));
};

const readProcesses = (reader: Reader): number => (reader.text('e2e.parallel') === 'auto' ? 0 : reader.number('e2e.parallel', 1, 100));

const readPattern = (reader: Reader, name: SettingName): string => {
  const text = reader.text(name);
  if (text.length > 4_000)
    reader.problems.push(`${reader.nameOf(name)} is longer than 4000 characters; give a shorter regular expression.`);
  return text;
};

const readProgram = (reader: Reader): E2eInputs['program'] => {
  const [version, sha256] = [reader.text('e2e.sonobuoy.version').replace(/^v/, ''), reader.text('e2e.sonobuoy.sha256').toLowerCase()];
  if (version !== '' && !/^\d+\.\d+\.\d+[\w.-]{0,40}$/.test(version))
    reader.problems.push(`${reader.nameOf('e2e.sonobuoy.version')} is "${version}"; it takes a version such as 0.57.5.`);
  if (sha256 !== '' && !/^[0-9a-f]{64}$/.test(sha256))
    reader.problems.push(`${reader.nameOf('e2e.sonobuoy.sha256')} is no SHA-256; it takes 64 hexadecimal digits.`);
  return { version: version || undefined, sha256: sha256 || undefined };
};

/** Settings of a run of the tests: they mean nothing if there is none. */
const ofRuns = [
  ...['e2e.focus', 'e2e.owner', 'e2e.registry', 'e2e.image'],
  ...['e2e.sonobuoy.image', 'e2e.sonobuoy.version', 'e2e.sonobuoy.sha256'],
] as const;

/** What is set for this run, and means nothing in it. */
const checkTogether = (reader: Reader, heavy: boolean): void => {
  for (const name of ofRuns)
    if (!heavy && reader.isExplicit(name))
      reader.problems.push(
        `${reader.nameOf(name)} is given, but only the tier heavy runs end-to-end tests; set the tier to heavy, or omit it.`,
      );
  if (reader.isExplicit('data.exceptions') && reader.text('e2e-results') === '' && !heavy)
    reader.problems.push(
      `${reader.nameOf('data.exceptions')} is given without ${inSentence(reader.nameOf('e2e-results'))}, to which it applies; give both, or omit it.`,
    );
};

/** The images of a run: what one place names as a whole needs no registry. */
const readImages = (reader: Reader): E2eInputs['images'] => {
  const ignored = reader.ignored('e2e.image', 'e2e.registry', 'the image names its registry, so give one');
  const conformance = ignored === 'e2e.image' ? undefined : reader.optional('e2e.image');
  const registry =
    ignored === 'e2e.registry' ? '' : reader.text('e2e.registry') || (conformance === undefined ? reader.text('probe.registry') : '');
  return { sonobuoy: reader.optional('e2e.sonobuoy.image'), conformance, registry: trimEndOf(registry, '/') || undefined };
};

/** Reads what concerns the end-to-end tests, and collects what is wrong with it. */
export const readE2eInputs = (reader: Reader): E2eInputs => {
  const heavy = reader.text('tier') === 'heavy';
  checkTogether(reader, heavy);
  const chosen = readSuites(reader);
  if (heavy && chosen.length === 0 && reader.text('e2e.focus') === '' && reader.problems.length === 0)
    reader.problems.push(`${reader.nameOf('e2e.suites')} names no suite; it takes ${suites.join(', ')}.`);
  return {
    results: splitWords(reader.text('e2e-results')),
    exceptions: reader.named('data.exceptions'),
    suites: chosen,
    focus: readPattern(reader, 'e2e.focus'),
    skip: readPattern(reader, 'e2e.skip'),
    processes: readProcesses(reader),
    flakeAttempts: reader.number('e2e.flakeAttempts', 1, 10),
    waitMs: reader.duration('e2e.wait'),
    onCancel: reader.choice('e2e.onCancel', ['delete', 'keep']),
    owner: reader.text('e2e.owner').slice(0, 200) || undefined,
    images: readImages(reader),
    program: readProgram(reader),
    archives: reader.optional('output-directory'),
  };
};
