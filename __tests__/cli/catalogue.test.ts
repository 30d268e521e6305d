import { describe, expect, test } from '@jest/globals';
import { explainText, listText } from '../../src/cli/catalogue.js';
import { UserError } from '../../src/model/errors.js';
import { standards } from '../../src/standards/index.js';

const view = { colour: false, width: 100 };
const ids = (json: string): readonly string[] => (JSON.parse(json) as readonly { readonly id: string }[]).map((s) => s.id);

describe('list', () => {
  test('all standards, and what is not covered', () => {
    const text = listText(undefined, 'table', view);
    for (const s of standards) expect(text).toContain(`${s.id} ${s.title}`);
    expect(text).toContain('Not covered');
  });
  test('only the one that is named', () => {
    const text = listText('scs-0214-v2', 'table', view);
    expect(text).toContain('scs-0214-v2/');
    expect(text).not.toMatch(/scs-0215-v1|Not covered/);
  });
  test('as JSON', () => {
    expect(ids(listText(undefined, 'json', view))).toEqual(standards.map((s) => s.id));
    expect(ids(listText('scs-0214-v2', 'json', view))).toEqual(['scs-0214-v2']);
  });
  test.each([
    ['scs-0214-v3', 'There is no standard "scs-0214-v3". Did you mean "scs-0214-v2"? Run "scs-kaas list" to see all.'],
    ['pod', 'There is no standard "pod". Run "scs-kaas list" to see all.'],
    [
      'scs-0213-v1',
      'scs-0213-v1 (Kubernetes nodes anti-affinity) has no requirements that this program checks. A decision record: it regulates no cluster.',
    ],
  ])('%s: the error says what to do', (id, message) => {
    expect(() => listText(id, 'json', view)).toThrow(new UserError([message]));
  });
});

describe('explain', () => {
  test('a standard', () => expect(explainText('scs-0214-v2', view)).toMatch(/^scs-0214-v2\n[^]*Status {4}stable\n/));
  test('a requirement', () => expect(explainText('scs-0217-v1/node-restriction', view)).toMatch(/^scs-0217-v1\/node-restriction\n/));
  test.each([
    ['scs-0214', ' Did you mean "scs-0214-v2"?'],
    ['scs-0217-v1/node-restrictions', ' Did you mean "scs-0217-v1/node-restriction"?'],
    ['node-restriction', ' Did you mean "scs-0217-v1/node-restriction"?'],
    ['', ''],
    ['x\u001b[31my', ''],
  ])('%j: the error names the nearest of both', (id, hint) => {
    const shown = id.includes('y') ? 'xy' : id;
    expect(() => explainText(id, view)).toThrow(
      new UserError([`There is no standard or requirement "${shown}".${hint} Run "scs-kaas list" to see all.`]),
    );
  });
});
