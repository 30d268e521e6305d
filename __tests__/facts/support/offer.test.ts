import { describe, expect, test } from '@jest/globals';
import { parseOfferFile, parseOfferList } from '../../../src/facts/support/offer.js';
import { UserError } from '../../../src/model/errors.js';
import { readYaml } from '../../../src/text/read-yaml.js';

const problemsOf = (text: string): readonly string[] => {
  try {
    const read = readYaml(text, { allText: true });
    parseOfferFile('documents' in read ? read.documents[0] : undefined, 'offer.yaml');
    return [];
  } catch (error) {
    return error instanceof UserError ? error.problems : [String(error)];
  }
};
const read = (text: string) => {
  const yaml = readYaml(text, { allText: true });
  return parseOfferFile('documents' in yaml ? yaml.documents[0] : undefined, 'offer.yaml');
};

describe('a list in the input itself', () => {
  test.each([
    ['1.37.2, 1.36', ['1.37.2', '1.36']],
    ['v1.36.5\n1.35', ['v1.36.5', '1.35']],
    ['1.33.5-eks-1234567', ['1.33.5-eks-1234567']],
  ])('%j', (text, versions) => {
    expect(parseOfferList(text)).toEqual({ source: 'input', versions: versions.map((version) => ({ version })) });
  });
  test.each(['', ' , ', 'offer.yaml', '1.36, offer.yaml', './1.36', '1'])('%j is none, and may be a path', (text) => {
    expect(parseOfferList(text)).toBeUndefined();
  });
});

describe('a file', () => {
  test('lists versions, with the keys of a Gardener CloudProfile where wanted', () => {
    expect(
      read(
        [
          'date: 2026-11-20',
          'versions:',
          '  - 1.30',
          '  - version: 1.36.5',
          '    classification: supported',
          '    expirationDate: "2027-06-28T23:59:59Z"',
          '  - version: 1.38.0',
          '    classification: preview',
          '  - { version: 1.35.9, classification: deprecated }',
        ].join('\n'),
      ),
    ).toEqual({
      source: 'offer.yaml',
      date: '2026-11-20',
      versions: [{ version: '1.30' }, { version: '1.36.5', until: '2027-06-28T23:59:59Z' }, { version: '1.35.9' }],
    });
  });
  test.each([
    ['versions: [1.36]', 'date is missing'],
    ['date: 2026-11-20', 'versions is missing'],
    ['date: soon\nversions: [1.36]', 'is no date such as'],
    ['date: 2026-02-30\nversions: [1.36]', 'is no date such as'],
    ['date: 2026-11-31T10:00:00Z\nversions: [1.36]', 'is no date such as'],
    ['date: 2026-11-20\nversions: [{version: 1.36, expirationDate: 2027-02-29}]', 'versions[0]'],
    ['date: 2026-11-20\nversions: []', 'versions'],
    ['date: 2026-11-20\nversions: [0.36.5]', 'is no version such as 1.36'],
    ['date: 2026-11-20\nversions: [newest]', 'is no version such as 1.36'],
    ['date: 2026-11-20\nversions: [{version: 1.36, expires: x}]', 'unknown key "expires"'],
    ['date: 2026-11-20\nversion: [1.36]', 'unknown key "version"; leave it out. Did you mean "versions"?'],
    ['- 1.36', 'must be of type object'],
  ])('%j: %s', (text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
    expect(problemsOf(text)[0]).toContain('The file "offer.yaml" of the input "offered-versions"');
  });
  test('all problems at once', () => {
    expect(problemsOf('date: soon\nversions: [newest, oldest]').length).toBe(3);
  });
});
