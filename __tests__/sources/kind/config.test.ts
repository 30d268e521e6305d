import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { defaultConfig, parseConfig, readConfig } from '../../../src/sources/kind/config.js';

const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';

test('the default has three nodes in three zones of one region, one of them a control plane', () => {
  const { nodes } = parse(defaultConfig.text) as { nodes: { role: string; labels: Record<string, string> }[] };
  expect(nodes.map((node) => node.role)).toEqual(['control-plane', 'worker', 'worker']);
  expect(new Set(nodes.map((node) => node.labels['topology.kubernetes.io/zone'])).size).toBe(3);
  expect(new Set(nodes.map((node) => node.labels['topology.kubernetes.io/region'])).size).toBe(1);
  expect(parseConfig(defaultConfig.text, 'default')).toEqual(defaultConfig);
});

describe('a configuration of the user', () => {
  test.each([
    ['without nodes', head, { nodes: 1, namesImages: false, podNetwork: true }],
    ['with empty nodes', `${head}nodes:\n`, { nodes: 1, namesImages: false, podNetwork: true }],
    ['with two nodes', `${head}nodes: [{ role: control-plane }, { role: worker }]`, { nodes: 2, namesImages: false, podNetwork: true }],
    ['with an image', `${head}nodes: [{ image: "x:v1" }]`, { nodes: 1, namesImages: true, podNetwork: true }],
    ['without pod network', `${head}networking: { disableDefaultCNI: true }`, { nodes: 1, namesImages: false, podNetwork: false }],
    [
      'with fields that are not looked at',
      `${head}featureGates: { A: true }\nnodes: [{ role: worker, labels: { a: b } }]`,
      { nodes: 1, namesImages: false, podNetwork: true },
    ],
    ['with a second document, which kind does not read', `${head}---\nnodes: 5`, { nodes: 1, namesImages: false, podNetwork: true }],
  ])('%s', (_, text, expected) => {
    expect(parseConfig(text, 'f')).toEqual({ text, kubeadmVersions: [], ...expected });
  });
  test.each([
    ['empty', '', /f is empty/],
    ['no YAML', `${head}nodes: [`, /f cannot be used: it is no valid YAML, line 3: /],
    ['of another kind', 'kind: Pod\napiVersion: v1\n', /shape at kind/],
    ['of an older version', 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha3\n', /shape at apiVersion/],
    ['nodes that are no list', `${head}nodes: 3`, /shape at nodes/],
    ['a list', '- a', /shape at its top level/],
  ])('refused: %s', (_, text, error) => {
    expect(() => parseConfig(text, 'f')).toThrow(error);
  });
  test('aliases that grow without bound are refused', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(() => parseConfig(`${head}l0: &l0 x\n${levels.join('\n')}\n`, 'f')).toThrow(/f cannot be used: it uses YAML aliases/);
  });
  test('what stands in a file that is no configuration is not repeated', () => {
    const secret = 'hunter2hunter2';
    for (const text of [`password: ${secret}`, `${secret}: [`, `"${secret}`]) {
      let message = '';
      try {
        parseConfig(text, 'f');
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('f ');
      expect(message).not.toContain(secret);
    }
  });
});

describe('the file of a configuration', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kind-config-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  test('is read', async () => {
    writeFileSync(join(directory, 'a.yaml'), head);
    expect((await readConfig(join(directory, 'a.yaml'))).text).toBe(head);
  });
  test('is missing', async () => {
    await expect(readConfig(join(directory, 'b.yaml'))).rejects.toThrow(
      /Cannot read the kind configuration at .*b\.yaml: no such file\. Set "kind-config"/,
    );
  });
  test('is a folder', async () => {
    await expect(readConfig(directory)).rejects.toThrow('it is a directory');
  });
  test('is huge', async () => {
    writeFileSync(join(directory, 'c.yaml'), `#${'x'.repeat(1_048_576)}`);
    await expect(readConfig(join(directory, 'c.yaml'))).rejects.toThrow('larger than');
  });
});
