import { describe, expect, test } from '@jest/globals';
import { ingressClasses } from '../../src/facts/ingress-classes.js';
import { storageClasses } from '../../src/facts/storage-classes.js';
import { factPorts, ok, refused } from '../helpers/fact-ports.js';

const storagePath = '/apis/storage.k8s.io/v1/storageclasses';
const ingressPath = '/apis/networking.k8s.io/v1/ingressclasses';

const storageList = (...items: object[]): object => ({
  kind: 'StorageClassList',
  apiVersion: 'storage.k8s.io/v1',
  metadata: { resourceVersion: '1088' },
  items,
});
const storageClass = (name: string, annotations: Record<string, string>, more: object = {}): object => ({
  metadata: { name, uid: '5f0d', creationTimestamp: '2026-11-23T19:11:53Z', annotations },
  provisioner: 'rancher.io/local-path',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  ...more,
});

describe('storage classes', () => {
  const rows: readonly (readonly [string, Record<string, string>, string])[] = [
    ['the annotation', { 'storageclass.kubernetes.io/is-default-class': 'true' }, 'annotation'],
    ['the beta annotation', { 'storageclass.beta.kubernetes.io/is-default-class': 'true' }, 'beta-annotation'],
    [
      'both annotations',
      { 'storageclass.beta.kubernetes.io/is-default-class': 'true', 'storageclass.kubernetes.io/is-default-class': 'true' },
      'annotation',
    ],
    ['the annotation with another value', { 'storageclass.kubernetes.io/is-default-class': 'True' }, 'none'],
    ['the annotation set to false', { 'storageclass.kubernetes.io/is-default-class': 'false' }, 'none'],
    ['other annotations only', { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"hunter2"}' }, 'none'],
  ];
  test.each(rows)('a class with %s', async (_, annotations, defaultBy) => {
    const found = await storageClasses.collect(factPorts({ [storagePath]: ok(storageList(storageClass('standard', annotations))) }));
    expect(found).toEqual([
      {
        name: 'standard',
        provisioner: 'rancher.io/local-path',
        defaultBy,
        expandable: false,
        createdAt: '2026-11-23T19:11:53Z',
        parameters: {},
      },
    ]);
  });

  test('a class whose parameters name secrets', async () => {
    const parameters = { numberOfReplicas: '3', restuserkey: 'hunter2', 'csi.storage.k8s.io/provisioner-secret-name': 'hunter2' };
    const list = storageList(storageClass('longhorn', {}, { provisioner: 'driver.longhorn.io', parameters, allowVolumeExpansion: true }));
    const found = await storageClasses.collect(factPorts({ [storagePath]: ok(list) }));
    expect(found[0]).toMatchObject({ parameters: { numberOfReplicas: '3' }, expandable: true });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('a class without annotations, time and parameters, as other makers serialise it', async () => {
    const list = storageList({
      metadata: { name: 'bare', creationTimestamp: null },
      provisioner: 'x',
      allowVolumeExpansion: null,
      parameters: null,
    });
    const found = await storageClasses.collect(factPorts({ [storagePath]: ok(list) }));
    expect(found).toEqual([{ name: 'bare', provisioner: 'x', defaultBy: 'none', expandable: false, createdAt: '', parameters: {} }]);
    expect(storageClasses.schema.safeParse(found).success).toBe(true);
  });

  test('several classes come sorted by name', async () => {
    const list = storageList(storageClass('standard', {}), storageClass('second', {}));
    const found = await storageClasses.collect(factPorts({ [storagePath]: ok(list) }));
    expect(found.map((c) => c.name)).toEqual(['second', 'standard']);
  });

  test('a cluster without any class', async () => {
    expect(await storageClasses.collect(factPorts({ [storagePath]: ok(storageList()) }))).toEqual([]);
  });

  test('a name that is long, and breaks lines', async () => {
    const list = storageList(storageClass(`::error::x\n##[group]${'y'.repeat(5_000)}`, {}));
    const [found] = await storageClasses.collect(factPorts({ [storagePath]: ok(list) }));
    expect(found?.name).toHaveLength(253);
    expect(found?.name).not.toMatch(/[\n\r]/);
  });

  test.each([
    [403, 'forbidden'],
    [401, 'unauthorized'],
    [500, 'server-error'],
  ] as const)('a list that is answered with %i', async (status, reason) => {
    const ports = factPorts({ [storagePath]: refused(status, 'storageclasses.storage.k8s.io is forbidden') });
    await expect(storageClasses.collect(ports)).rejects.toMatchObject({ name: 'NotAvailable', reason });
  });

  test('a login page in place of a list', async () => {
    const ports = factPorts({ [storagePath]: ok('<!DOCTYPE html><html>') });
    await expect(storageClasses.collect(ports)).rejects.toMatchObject({ reason: 'malformed' });
  });
});

describe('ingress classes', () => {
  const list = (...items: object[]): object => ({ kind: 'IngressClassList', metadata: {}, items });

  test('a default class and one that is none', async () => {
    const found = await ingressClasses.collect(
      factPorts({
        [ingressPath]: ok(
          list(
            {
              metadata: { name: 'other', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'yes' } },
              spec: { controller: 'example.com/x' },
            },
            {
              metadata: {
                name: 'nginx',
                creationTimestamp: '2026-01-02T03:04:05Z',
                annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
              },
              spec: { controller: 'k8s.io/ingress-nginx' },
            },
          ),
        ),
      }),
    );
    expect(found).toEqual([
      { name: 'nginx', controller: 'k8s.io/ingress-nginx', isDefault: true, createdAt: '2026-01-02T03:04:05Z' },
      { name: 'other', controller: 'example.com/x', isDefault: false },
    ]);
  });

  test('a class without a controller', async () => {
    const found = await ingressClasses.collect(factPorts({ [ingressPath]: ok(list({ metadata: { name: 'bare' } })) }));
    expect(found).toEqual([{ name: 'bare', controller: '', isDefault: false }]);
  });

  test('a list that is forbidden', async () => {
    await expect(ingressClasses.collect(factPorts({ [ingressPath]: refused(403, 'no') }))).rejects.toMatchObject({ reason: 'forbidden' });
  });
});
