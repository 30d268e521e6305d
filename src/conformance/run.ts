import {
  resultBounds,
  suites,
  suitesOf,
  type E2eRun,
  type FailedTest,
  type RunOrigin,
  type SuiteName,
  type SuiteResults,
} from '../facts/e2e-results.js';
import { texts } from '../model/outcome.js';
import { bounded } from '../text/bounded.js';
import { parseVersion, sameRelease } from '../facts/support/version.js';
import { junitFolder, type ResultFiles } from './archive.js';
import { BadResults, NoReport } from './bad-results.js';
import {
  definitionOf,
  logOf,
  runOrigin,
  pluginStatus,
  sonobuoyOf,
  decodeOrUtf8,
  statedVersion,
  type Definition,
  type LogTold,
  type StatedVersion,
} from './beside.js';
import { isBad, isIdle, mergeCases, parseJunit, type Junit, type TestCase } from './junit.js';
import { isTestName } from './names.js';

/** A run and where it took place, before the cluster under test is known. */
export interface ImportedRun {
  readonly run: Omit<E2eRun, 'cluster'>;
  readonly origin: RunOrigin;
}

const emptySuite: SuiteResults = { named: 0, passed: 0, failed: 0, unfinished: 0, skipped: 0, notRun: 0, left: [] };

const isTest = ({ name }: TestCase): boolean => isTestName(name);

/** A test that was timed out by itself has failed; where the whole suite was cut, nobody knows how it would have ended. */
const failedState = ({ state }: TestCase, cut: string): FailedTest['state'] =>
  state === 'failed' || (state === 'timed-out' && cut === '') ? 'failed' : 'unfinished';

const suiteResults = (tests: readonly TestCase[], suite: SuiteName, cut: string): SuiteResults => {
  const own = tests.filter(({ name }) => suitesOf(name).includes(suite));
  const bad = own.filter(isBad);
  const idle = own.filter(isIdle);
  const failed = bad.filter((test) => failedState(test, cut) === 'failed').length;
  const left = idle.length === own.length ? [] : idle.map(({ name }) => name).slice(0, resultBounds.left);
  return {
    named: own.length,
    passed: own.length - bad.length - idle.length,
    failed,
    unfinished: bad.length - failed,
    skipped: idle.filter(({ state }) => state === 'skipped').length,
    notRun: idle.filter(({ state }) => state === 'not-run').length,
    left,
  };
};

const property = (junits: readonly Junit[], key: string): readonly string[] => [
  ...new Set(junits.map(({ properties }) => bounded(properties.get(key) ?? '', resultBounds.text)).filter((value) => value !== '')),
];

/** What the JUnit files say, taken together. */
const ofJunit = (junits: readonly Junit[]) => {
  const cases = mergeCases(junits.flatMap(({ cases: some }) => some));
  const tests = cases.filter(isTest);
  const cut = property(junits, 'SpecialSuiteFailureReason').join('; ').slice(0, 200);
  const ran = tests.filter((test) => !isIdle(test));
  const bad = ran.filter(isBad);
  const times = (key: 'startedAt' | 'finishedAt'): readonly string[] => junits.map((junit) => junit[key]).sort();
  const known = times('startedAt')[0] !== '' && times('finishedAt')[0] !== '';
  const unsuccessful = property(junits, 'SuiteSucceeded').some((value) => value !== 'true');
  const broken = cases.filter((entry) => !isTest(entry) && isBad(entry)).slice(0, 50);
  return {
    startedAt: known ? (times('startedAt')[0] ?? '') : '',
    finishedAt: known ? (times('finishedAt').at(-1) ?? '') : '',
    focus: property(junits, 'FocusStrings').slice(0, 50),
    skip: property(junits, 'SkipStrings').slice(0, 50),
    // Where nothing took any time nothing was done, whatever the properties say.
    dryRun: property(junits, 'DryRun').some((value) => value !== 'false') || (ran.length > 0 && ran.every(({ seconds }) => seconds === 0)),
    // Of several files the one that allows the most.
    flakeAttempts: Math.max(
      0,
      ...property(junits, 'FlakeAttempts').map((text) => Math.min(1_000, Number(/^\d{1,4}$/.exec(text)?.[0] ?? 0))),
    ),
    cut,
    suites: Object.fromEntries(suites.map((suite) => [suite, suiteResults(tests, suite, cut)])) as E2eRun['suites'],
    executed: ran.length,
    failed: bad.slice(0, resultBounds.failed).map((test): FailedTest => ({
      name: test.name,
      message: test.message,
      suites: suitesOf(test.name),
      state: failedState(test, cut),
      at: test.at,
    })),
    failedOmitted: Math.max(0, bad.length - resultBounds.failed),
    brokenNodes: broken.map(({ name }) => name),
    brokenWhy: broken.map(({ message }) => message),
    contradiction: [
      ...(property(junits, 'RandomSeed').length > 1
        ? ['its JUnit files are of different runs; put those of each into a folder of its own']
        : []),
      ...(unsuccessful && !cases.some(isBad) && cut === ''
        ? ['the JUnit file says that the suite did not succeed, and names nothing that failed']
        : []),
    ],
  };
};

const nothing = {
  startedAt: '',
  finishedAt: '',
  focus: [],
  skip: [],
  dryRun: false,
  flakeAttempts: 0,
  cut: '',
  suites: { conformance: emptySuite, 'network-policy': emptySuite },
  executed: 0,
  failed: [],
  failedOmitted: 0,
  brokenNodes: [],
} as const;

/** The JUnit files of the tests; those that hold nothing of them, as the steps of the tool that started them, are left out. */
const readJunits = (files: ResultFiles): { readonly junits: readonly Junit[]; readonly problems: readonly string[] } => {
  const junits: Junit[] = [];
  const problems: string[] = [];
  for (const [path, content] of files) {
    if (!/\.xml$/i.test(path)) continue;
    try {
      const junit = parseJunit(decodeOrUtf8(content));
      if (junit.ofSuite) junits.push(junit);
    } catch (error) {
      if (!(error instanceof BadResults)) throw error;
      // A file of another tool beside the results; one that is called like a report has to be one.
      if (error instanceof NoReport && !/^junit/i.test(path.slice(junitFolder.length))) continue;
      problems.push(bounded(`${path.replace(junitFolder, '')} cannot be used: ${error.message}`, resultBounds.text));
    }
  }
  return { junits, problems };
};

/** What stands against concluding anything, though every file can be read. */
const fileObjections = (files: ResultFiles, form: E2eRun['form'], junits: readonly Junit[], anyBad: boolean): readonly string[] => {
  const plugin = pluginStatus(files);
  const without = junits.length === 0 ? ['it holds no JUnit file of the end-to-end tests'] : [];
  if (form === 'junit') return without;
  if (plugin.error !== '') return [`the plugin e2e ended with an error: ${plugin.error}`];
  if (without.length > 0) return plugin.status === '' ? without : [`${without[0] ?? ''}; the plugin e2e ended as ${plugin.status}`];
  if (plugin.status === '') return ['it holds no sonobuoy_results.yaml: it was retrieved before Sonobuoy was done'];
  if (plugin.status !== 'passed' && !anyBad)
    return [`Sonobuoy calls the plugin e2e ${plugin.status}, and its JUnit file names nothing that failed`];
  // Sonobuoy writes both in every run. Without them nobody knows whether the run was a dry run, and of which versions it is.
  const lost = [
    ...(statedVersion(files).version === '' ? ['serverversion.json'] : []),
    ...(!definitionOf(files).whole ? ['plugins/e2e/definition.json'] : []),
  ];
  return lost.length === 0 ? [] : [`its ${lost.join(' and its ')} is missing or unreadable. Provide the archive as Sonobuoy made it`];
};

/** What the files say of the versions that cannot be true of one run. */
const versionProblems = (form: E2eRun['form'], stated: StatedVersion, definition: Definition, log: LogTold): readonly string[] =>
  texts(
    form === 'junit' && stated.problem !== '' && `its serverversion.json tells no version of the API server: ${stated.problem}`,
    form === 'sonobuoy' &&
      stated.version !== '' &&
      log.kubernetes !== '' &&
      !sameRelease(stated.version, log.kubernetes) &&
      `its serverversion.json says ${stated.version}, and its log says that the API server had ${log.kubernetes}`,
    definition.tests !== '' &&
      log.tests !== '' &&
      parseVersion(definition.tests)?.minor !== parseVersion(log.tests)?.minor &&
      `its definition.json names tests of ${definition.tests}, and its log those of ${log.tests}`,
  );

/**
 * What the files of one run say.
 * @param files by their path in a Sonobuoy archive, of any origin
 * @param form where they come from
 * @param sources the files that the user named, for the report
 */
export const toRun = (files: ResultFiles, form: E2eRun['form'], sources: E2eRun['files']): ImportedRun => {
  const { junits, problems } = readJunits(files);
  const { contradiction, ...junit } = junits.length === 0 ? { ...nothing, contradiction: [] } : ofJunit(junits);
  const definition = definitionOf(files);
  const log = logOf(files);
  const stated = statedVersion(files);
  const anyBad = junit.failed.length > 0 || junit.brokenNodes.length > 0;
  return {
    run: {
      files: sources,
      form,
      unusable: [
        ...problems,
        ...(problems.length > 0 ? [] : fileObjections(files, form, junits, anyBad)),
        ...contradiction,
        ...versionProblems(form, stated, definition, log),
      ].slice(0, 20),
      // JUnit files have the version from whoever put it beside them, and the log from the API server.
      kubernetes: form === 'junit' ? log.kubernetes || stated.version : stated.version || log.kubernetes,
      tests: definition.tests || log.tests,
      sonobuoy: sonobuoyOf(files),
      ...junit,
      dryRun: junit.dryRun || definition.dryRun,
      retried: log.retried,
      ...(log.read ? {} : { withoutLog: true }),
    },
    origin: { ...runOrigin(files), ...(form === 'junit' && stated.version !== '' ? { stated: true } : {}) },
  };
};

/** A file that cannot be used at all, with the reason. */
export const unusableRun = (why: string, form: E2eRun['form'], sources: E2eRun['files']): ImportedRun => ({
  run: {
    files: sources,
    form,
    unusable: [bounded(why, resultBounds.text)],
    kubernetes: '',
    tests: '',
    sonobuoy: '',
    ...nothing,
    retried: [],
  },
  origin: { kubeSystem: null, nodes: null },
});
