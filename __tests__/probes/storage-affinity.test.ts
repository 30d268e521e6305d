import { describe, expect, test } from '@jest/globals';
import { admits, affinityInWords, matchingHosts, type Labelled, type Terms } from '../../src/probes/storage/affinity.js';
import { bytesOf, oneMore } from '../../src/probes/storage/quantity.js';

const node = (name: string, labels: Readonly<Record<string, string>> = {}): Labelled => ({
  name,
  labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': 'nova', ...labels },
});
const nodes = [node('a'), node('b'), node('c', { 'topology.kubernetes.io/zone': 'other', rack: 'c' })];
const term = (key: string, operator: string, ...values: readonly string[]): Terms[number] => ({
  matchExpressions: [{ key, operator, values: [...values] }],
});
const field = (name: string): Terms[number] => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] });
const hostname = 'kubernetes.io/hostname';

describe('which hosts a volume is for, and on which nodes it can be used', () => {
  const rows: readonly (readonly [string, Terms, readonly string[], string])[] = [
    ['no affinity', [], [], 'abc'],
    ['a host name', [term(hostname, 'In', 'a')], ['a'], 'a'],
    ['the name of a node', [field('b')], ['b'], 'b'],
    ['two hosts in one alternative', [term(hostname, 'In', 'a', 'b')], ['a', 'b'], 'ab'],
    ['two alternatives of one host', [term(hostname, 'In', 'a'), field('b')], ['a', 'b'], 'ab'],
    ['a host, or a zone', [term(hostname, 'In', 'a'), term('topology.kubernetes.io/zone', 'In', 'other')], [], 'ac'],
    ['a key of TopoLVM', [term('topology.topolvm.io/node', 'In', 'a')], ['a'], ''],
    ['a key of OpenEBS', [term('openebs.io/nodename', 'In', 'a')], ['a'], ''],
    ['the key of a driver whose value is no name', [term('topology.example.com/node-id', 'In', 'i-0815')], ['i-0815'], ''],
    ['any key whose value is a node', [term('rack', 'In', 'c')], ['c'], 'c'],
    ['a zone', [term('topology.kubernetes.io/zone', 'In', 'nova')], [], 'ab'],
    ['a zone of a driver', [term('topology.ebs.csi.aws.com/zone', 'In', 'eu-1a')], [], ''],
    ['a zone that is named like its only node', [term('topology.example.com/zone', 'In', 'a')], [], ''],
    ['every host but one', [term(hostname, 'NotIn', 'a')], [], 'bc'],
    ['a label that is there', [term('rack', 'Exists')], [], 'c'],
    ['a label that is not there', [term('rack', 'DoesNotExist')], [], 'ab'],
    ['an operator that nobody knows', [term('rack', 'Like', 'c')], [], ''],
    ['an alternative without a word', [{}], [], ''],
    ['a label named like a property of every object', [term('constructor', 'Exists')], [], ''],
  ];
  test.each(rows)('%s', (_, terms, hosts, names) => {
    expect(matchingHosts(terms, nodes)).toEqual(hosts);
    expect(
      nodes
        .filter((n) => admits(terms, n))
        .map((n) => n.name)
        .join(''),
    ).toBe(names);
  });

  test('thousands of alternatives stay short', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => term(hostname, 'In', `${'x'.repeat(400)}${i}`));
    expect(affinityInWords(many).join('').length).toBeLessThan(7_000);
    expect(matchingHosts(many, nodes).length).toBeLessThanOrEqual(10);
    expect(matchingHosts(many, nodes).length).toBeGreaterThan(1);
  });

  test('words', () => {
    expect(affinityInWords([term(hostname, 'In', 'a', 'b'), field('c')])).toEqual([`${hostname} In a, b`, 'metadata.name In c']);
  });
});

test.each([
  ['1Gi', 2 ** 30],
  ['1073741824', 2 ** 30],
  ['1.5Mi', 1.5 * 2 ** 20],
  ['10G', 1e10],
  ['1e9', 1e9],
  ['', undefined],
  ['lots', undefined],
  ['1constructor', undefined],
])('%s is a quantity of %s bytes', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});

test.each([
  ['1Gi', '2Gi'],
  ['10G', '10561Mi'],
  ['nonsense', '2Gi'],
])('%s grows to %s', (from, to) => {
  expect(oneMore(from)).toBe(to);
});
