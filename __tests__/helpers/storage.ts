import { csiDrivers } from '../../src/facts/csi-drivers.js';
import { csiNodes } from '../../src/facts/csi-nodes.js';
import { storageClasses, type StorageClass } from '../../src/facts/storage-classes.js';

export const of = (name: string, provisioner: string, more: Partial<StorageClass> = {}): StorageClass => ({
  name,
  provisioner,
  defaultBy: 'none',
  expandable: false,
  createdAt: '2026-11-23T19:00:00Z',
  parameters: {},
  ...more,
});
export const main = (provisioner: string, more: Partial<StorageClass> = {}): StorageClass =>
  of('standard', provisioner, { defaultBy: 'annotation', ...more });
export const cinder = 'cinder.csi.openstack.org';
export const localPath = 'rancher.io/local-path';

export const twoDefaults = [
  main(localPath),
  of('second', cinder, { defaultBy: 'annotation', expandable: true, createdAt: '2026-11-23T19:00:17Z' }),
];
export const forbidden = { unavailable: 'forbidden', detail: 'GET /apis/storage.k8s.io/v1/storageclasses: 403' };

/** CSIDriver objects of a cluster that has the drivers of all classes that these tests make. */
export const installed: readonly string[] = [
  cinder,
  'driver.longhorn.io',
  'ebs.csi.aws.com',
  'nfs.csi.k8s.io',
  'rook-ceph.rbd.csi.ceph.com',
  'topolvm.io',
];

/**
 * The facts of some classes, of the CSIDriver objects and of the CSINodes, by name.
 * @param running the drivers that run on a node; all of those that have an object, without
 */
export const storageFacts = (classes: unknown, drivers: unknown = installed, running: unknown = drivers) => ({
  [storageClasses.name]: classes,
  [csiDrivers.name]: drivers,
  [csiNodes.name]: running,
});
