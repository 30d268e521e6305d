import { describe, expect, test } from '@jest/globals';
import { csiDrivers } from '../../src/facts/csi-drivers.js';
import { factPorts, ok, refused } from '../helpers/fact-ports.js';

const path = '/apis/storage.k8s.io/v1/csidrivers';
const list = (...names: readonly string[]) =>
  ok({
    kind: 'CSIDriverList',
    metadata: {},
    items: names.map((name) => ({
      metadata: { name, annotations: { note: 'hunter2' } },
      spec: { attachRequired: true, tokenRequests: [{ audience: 'hunter2' }] },
    })),
  });

describe('CSIDriver objects', () => {
  test('their names, sorted, and nothing else', async () => {
    const found = await csiDrivers.collect(factPorts({ [path]: list('nfs.csi.k8s.io', 'cinder.csi.openstack.org') }));
    expect(found).toEqual(['cinder.csi.openstack.org', 'nfs.csi.k8s.io']);
    expect(csiDrivers.schema.safeParse(found).success).toBe(true);
  });

  test('none, which is an answer', async () => {
    expect(await csiDrivers.collect(factPorts({ [path]: list() }))).toEqual([]);
  });

  test('a name that is long, and breaks lines', async () => {
    const [found] = await csiDrivers.collect(factPorts({ [path]: list(`::error::x\n##[group]${'y'.repeat(5_000)}`) }));
    expect(found).toHaveLength(253);
    expect(found).not.toMatch(/[\n\r]/);
  });

  test.each([
    [403, 'forbidden'],
    [404, 'not-found'],
    [500, 'server-error'],
  ] as const)('a list that is answered with %i is not an empty one', async (status, reason) => {
    await expect(csiDrivers.collect(factPorts({ [path]: refused(status, 'no') }))).rejects.toMatchObject({ reason });
  });
});
