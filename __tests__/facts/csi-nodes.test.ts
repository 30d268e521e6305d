import { describe, expect, test } from '@jest/globals';
import { csiNodes, isBeforeCsiNodes } from '../../src/facts/csi-nodes.js';
import { NotAvailable } from '../../src/model/errors.js';
import { factOf, type Unavailable } from '../../src/model/fact.js';
import { factPorts, ok, refused } from '../helpers/fact-ports.js';

const path = '/apis/storage.k8s.io/v1/csinodes';
const driver = (name: string) => ({ name, nodeID: 'hunter2', topologyKeys: ['hunter2'] });
const list = (...specs: readonly unknown[]) =>
  ok({ kind: 'CSINodeList', metadata: {}, items: specs.map((spec, i) => ({ metadata: { name: `worker-${i}` }, spec })) });

describe('drivers by the CSINode objects', () => {
  test('their names, sorted, each once, and nothing else', async () => {
    const answer = list(
      { drivers: [driver('nfs.csi.k8s.io'), driver('cinder.csi.openstack.org')] },
      { drivers: [driver('cinder.csi.openstack.org')] },
    );
    const found = await csiNodes.collect(factPorts({ [path]: answer }));
    expect(found).toEqual(['cinder.csi.openstack.org', 'nfs.csi.k8s.io']);
    expect(csiNodes.schema.safeParse(found).success).toBe(true);
  });

  test.each([
    ['no node', []],
    ['nodes without a driver, in each form', [{ drivers: [] }, { drivers: null }, {}, null, undefined]],
  ])('none, which is an answer: %s', async (_, specs) => {
    expect(await csiNodes.collect(factPorts({ [path]: list(...specs) }))).toEqual([]);
  });

  test('a name that is long, and breaks lines', async () => {
    const answer = list({ drivers: [driver(`::error::x\n##[group]${'y'.repeat(5_000)}`)] });
    const [found] = await csiNodes.collect(factPorts({ [path]: answer }));
    expect(found).toHaveLength(253);
    expect(found).not.toMatch(/[\n\r]/);
  });

  test.each([
    [403, 'forbidden', false],
    [404, 'not-found', true],
    [405, 'not-found', false],
    [410, 'not-found', false],
    [500, 'server-error', false],
  ] as const)(
    'a list that is answered with %i is not an empty one; of a server that was never asked only 404',
    async (status, reason, before) => {
      const absent = await Promise.resolve(csiNodes.collect(factPorts({ [path]: refused(status, 'no') }))).then(
        () => undefined,
        (error: unknown) => (error instanceof NotAvailable ? error.toUnavailable() : undefined),
      );
      expect(absent?.unavailable).toBe(reason);
      expect(absent === undefined ? undefined : isBeforeCsiNodes(absent)).toBe(before);
    },
  );

  test('a snapshot without it was made before it was read', () => {
    expect(isBeforeCsiNodes(factOf({}, csiNodes) as Unavailable)).toBe(true);
  });
});
