import { describe, expect, test } from '@jest/globals';
import { clusterReporters, fleetReporters, missingFor, parseReports, reporters, selectReports } from '../../src/reporters/index.js';

const names = clusterReporters.map(({ name }) => name).join(', ');
const parse = (...words: readonly string[]) => {
  const { selected, problems } = parseReports(words, clusterReporters, 'Input "reports"');
  return { selected: selected.map(({ reporter, file }) => [reporter.name, file]), problems };
};

describe('what is asked for', () => {
  test.each<readonly [readonly string[], readonly (readonly [string, string | undefined])[]]>([
    [[], []],
    [['none'], []],
    [
      ['json', 'log'],
      [
        ['json', undefined],
        ['log', undefined],
      ],
    ],
    [
      ['json=out/a.json', 'junit=b=c.xml'],
      [
        ['json', 'out/a.json'],
        ['junit', 'b=c.xml'],
      ],
    ],
    [['json=..a'], [['json', '..a']]],
  ])('%j', (words, selected) => expect(parse(...words)).toEqual({ selected, problems: [] }));

  test('every reporter by its name', () => {
    for (const { name } of reporters) expect(parseReports([name], reporters, 'x').problems).toEqual([]);
  });
});

describe('what is wrong', () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [['jsn'], [`Input "reports" holds "jsn"; it takes ${names} or none. Did you mean "json"?`]],
    [['JSON=a'], [`Input "reports" holds "JSON=a"; it takes ${names} or none. Did you mean "json"?`]],
    [['=a'], [`Input "reports" holds "=a"; it takes ${names} or none.`]],
    [['log=a.txt'], ['Input "reports" holds "log=a.txt", and "log" is no file. Write "log".']],
    [['json='], ['Input "reports" holds "json=" without the name of a file. Write "json" or "json=FILE".']],
    [
      ['json=out/'],
      ['Input "reports" holds "json=out/", which names a folder. Name the file in it too, e.g. "json=scs-kaas-report.json".'],
    ],
    [['json=..'], ['Input "reports" holds "json=..", which names a folder. Name the file in it too, e.g. "json=scs-kaas-report.json".']],
    [['json', 'json=a'], ['Input "reports" holds "json" 2 times. Name each format once.']],
    [['none', 'log'], ['Input "reports" holds "none" beside other reports. Leave "none" or the others out.']],
    [['json=./a//b', 'junit=a/./b'], ['Input "reports" names the file "a/b" for json and junit. Give each format a file of its own.']],
  ])('%j', (words, problems) => expect(parse(...words).problems).toEqual(problems));

  test('all at once, and a hostile word is harmless', () => {
    const { problems } = parse('jsn', 'log=', `${'x'.repeat(1_000)}\n::error::y`, 'json', 'json');
    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problem).toMatch(/^[^\n]{1,300}$/);
  });

  test('what another command offers is none of this one', () => {
    expect(parseReports(['snapshot'], fleetReporters, 'Option "--report"').problems).toEqual([
      expect.stringMatching(/^Option "--report" holds "snapshot"; it takes log, summary, .*, scs-report or none\.$/),
    ]);
  });
});

describe('a report that needs the subject', () => {
  const selectedBy = (words: readonly string[], subject: boolean): readonly string[] =>
    selectReports(words, clusterReporters, { subject }).map(({ reporter }) => reporter.name);

  test('is missing it where it is asked for without one', () => {
    const { selected } = parseReports(['json', 'scs-report=a.yaml'], clusterReporters, 'x');
    expect(missingFor(selected, { subject: false })).toEqual(['"scs-report", which needs "subject"; set it']);
    expect(missingFor(selected, { subject: true })).toEqual([]);
  });
  test('is written without a word where there is one, once, and never with none', () => {
    expect(selectedBy(['json'], true)).toEqual(['json', 'scs-report']);
    expect(selectedBy(['json'], false)).toEqual(['json']);
    expect(selectedBy(['scs-report=a.yaml'], true)).toEqual(['scs-report']);
    expect(selectedBy(['none'], true)).toEqual([]);
  });
});
