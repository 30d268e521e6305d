import { expect, test } from '@jest/globals';
import { defaultVolume } from '../../src/facts/default-volume.js';
import { csi, seen } from '../helpers/default-volume.js';
import { factPorts } from '../helpers/fact-ports.js';

test('a run that does not act has no such fact', async () => {
  await expect(defaultVolume.collect(factPorts({}))).rejects.toMatchObject({ reason: 'not-recorded' });
});

test('the probe’s answer is the fact', async () => {
  const answer = seen(csi('csi.example.com'));
  expect(await defaultVolume.collect({ ...factPorts({}), act: () => Promise.resolve(answer) })).toEqual(answer);
});

test('an answer of another shape is no fact', async () => {
  const ports = { ...factPorts({}), act: () => Promise.resolve({ ...seen(undefined), growth: { result: 'perhaps' } }) };
  await expect(defaultVolume.collect(ports)).rejects.toMatchObject({ reason: 'malformed' });
});

test('it changes nothing but what the probe itself makes, and deletes no volume', () => {
  const changes = defaultVolume.permissions.filter((p) => !['get', 'list'].includes(p.verb)).map((p) => `${p.verb} ${p.resource ?? ''}`);
  expect(changes.sort()).toEqual([
    'create namespaces',
    'create persistentvolumeclaims',
    'create pods',
    'delete namespaces',
    'delete persistentvolumeclaims',
    'delete pods',
    'patch namespaces',
    'patch persistentvolumeclaims',
    'patch persistentvolumes',
  ]);
});
