import { suitesOf } from '../facts/e2e-results.js';
import { bounded } from '../text/bounded.js';

/** The kind that Ginkgo writes before the name of a test. */
const test = '[It]';

/** What a suite does around its tests: Ginkgo 2 writes the kind in brackets, Ginkgo 1 only the word. */
const suiteNode =
  /^(?:\[(?:(?:Synchronized|Report)?(?:Before|After)Suite|DeferCleanup \(Suite\)|CleanupAfterSuite)\]|(?:Synchronized)?(?:Before|After)Suite$)/;

/** Whether a name is that of a test, in the form of `canonicalName`. */
export const isTestName = (name: string): boolean => name.startsWith(`${test} `);

/**
 * Whether an entry is one of an end-to-end suite: a test or what the suite does around its tests. The steps of a tool that starts the tests
 * (`Up`, `Test`, `Down` of kubetest) are none.
 * @param name as the file has it
 */
export const isOfSuite = (name: string): boolean =>
  name === '' || name.startsWith('[') || suiteNode.test(name) || suitesOf(name).length > 0;

/** Ginkgo repeats the labels of a test at the end of its name (`[sig-apps, Conformance]`), unless it is told not to; each is also a tag in the name. */
const withoutLabels = (name: string): string => {
  const start = name.endsWith(']') ? name.lastIndexOf(' [') : -1;
  if (start < 0) return name;
  const [words, labels] = [name.slice(0, start), name.slice(start + 2, -1).split(', ')];
  return labels.every((label) => words.includes(`[${label}]`)) ? words : name;
};

/**
 * The one name of an entry, whichever tool wrote it: `[It]` and the name of the test without its labels, or the kind of a suite node in brackets.
 * @param raw as the file has it; Ginkgo 1 and some settings of Ginkgo 2 leave out the kind
 * @param most characters that are kept
 */
export const canonicalName = (raw: string, most: number): string => {
  const name = bounded(raw, most * 2);
  if (name === '') return '[a part of the suite without a name]';
  if (suiteNode.test(name)) return bounded(name.startsWith('[') ? name : `[${name}]`, most);
  const bare = name === test || name.startsWith(`${test} `) ? name.slice(test.length + 1) : name;
  return bounded(`${test} ${withoutLabels(bare)}`, most);
};
