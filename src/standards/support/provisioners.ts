/**
 * Where volumes of a provisioner lie.
 * `local`: on the node that uses them. `network`: on storage beside the nodes, which any node of the zone reaches.
 * `replicated`: on disks of nodes, in as many copies as the class says. `elsewhere`: on something that the class does not show.
 */
const volumePlaces = ['local', 'network', 'replicated', 'elsewhere'] as const;
export type VolumePlace = (typeof volumePlaces)[number];
type Places = Readonly<Partial<Record<VolumePlace, readonly string[]>>>;

/** Provisioners without a CSI driver: programs of their own, which register no CSIDriver object. */
const otherPlaces: Places = {
  local: [
    'docker.io/hostpath',
    'k8s.io/minikube-hostpath',
    'kubernetes.io/host-path',
    'kubevirt.io/hostpath-provisioner',
    'microk8s.io/hostpath',
    'openebs.io/local',
    'rancher.io/local-path',
  ],
  elsewhere: ['k8s-sigs.io/nfs-subdir-external-provisioner'],
};

/** CSI drivers, each by the name that it registers. */
const csiPlaces: Places = {
  local: [
    'device.csi.openebs.io',
    'direct.csi.min.io',
    'directpv-min-io',
    'hostpath.csi.k8s.io',
    'kubevirt.io.hostpath-provisioner',
    'local.csi.openebs.io',
    'lvm.csi.metal-stack.io',
    'org.democratic-csi.local-hostpath',
    'rawfile.csi.openebs.io',
    'topolvm.cybozu.com',
    'topolvm.io',
    'zfs.csi.openebs.io',
  ],
  /** Block and file storage of clouds and storage clusters. */
  network: [
    'block-storage.csi.stackit.cloud',
    'block.csi.vultr.com',
    'blockvolume.csi.oraclecloud.com',
    'cephfs.csi.ceph.com',
    'cephfs.manila.csi.openstack.org',
    'cinder.csi.openstack.org',
    'cloud.ionos.com',
    'csi.exoscale.com',
    'csi.hetzner.cloud',
    'csi.scaleway.com',
    'csi.vsphere.vmware.com',
    'disk.csi.azure.com',
    'dobs.csi.digitalocean.com',
    'ebs.csi.aws.com',
    'efs.csi.aws.com',
    'file.csi.azure.com',
    'filestore.csi.storage.gke.io',
    'linodebs.csi.linode.com',
    'nfs.manila.csi.openstack.org',
    'pd.csi.storage.gke.io',
    'rbd.csi.ceph.com',
    'storage.csi.upcloud.com',
    'vpc.block.csi.ibm.io',
  ],
  elsewhere: ['csi.kubevirt.io', 'csi.proxmox.sinextra.dev', 'nfs.csi.k8s.io'],
  replicated: ['driver.longhorn.io'],
};

/** The name for classes of volumes that somebody makes by hand, of whatever kind: local disks, but also NFS. */
const noProvisioner = 'kubernetes.io/no-provisioner';

/** In-tree names, and the CSI drivers that serve them since the migration (KEP-625 and its parts). */
const migrated: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

/** In-tree names that Kubernetes has removed, the last ones with 1.31; no CSI driver serves them. */
const removed = [
  'kubernetes.io/flocker',
  'kubernetes.io/glusterfs',
  'kubernetes.io/photon-pd',
  'kubernetes.io/quobyte',
  'kubernetes.io/rbd',
  'kubernetes.io/scaleio',
  'kubernetes.io/storageos',
];

const placeIn = (places: Places, name: string): VolumePlace | undefined => volumePlaces.find((place) => places[place]?.includes(name));

/** The Helm chart of local-path-provisioner puts the release's name into that of the provisioner: `cluster.local/my-local-path-provisioner`. */
const localPathByHelm = /^cluster\.local\/.*local-path-provisioner$/;

/** Rook puts its operator's namespace before the driver's name: `rook-ceph.rbd.csi.ceph.com`. */
const rook = /^[a-z0-9-]+\.((?:rbd|cephfs)\.csi\.ceph\.com)$/;

const csiPlaceOf = (driver: string): VolumePlace | undefined => placeIn(csiPlaces, rook.exec(driver)?.[1] ?? driver);

/** The CSI driver that serves an in-tree name. */
const successorOf = (provisioner: string): string | undefined => (Object.hasOwn(migrated, provisioner) ? migrated[provisioner] : undefined);

/**
 * Where the volumes of a provisioner lie, by its name alone.
 * @returns undefined where the provisioner is not known here: nothing can be said then
 */
export const volumePlaceOf = (provisioner: string): VolumePlace | undefined => {
  if (localPathByHelm.test(provisioner)) return 'local';
  return placeIn(otherPlaces, provisioner) ?? csiPlaceOf(successorOf(provisioner) ?? provisioner);
};

/** A CSI driver that has to be there. */
export interface CsiNeed {
  readonly kind: 'csi';
  /** The name that it registers. */
  readonly driver: string;
  /** Whether it is one for sure; else only the form of its name says so. */
  readonly sure: boolean;
}

/** What has to be there so that a provisioner makes volumes. */
export type DriverNeed =
  | CsiNeed
  /** The class says that nothing makes its volumes. */
  | { readonly kind: 'none' }
  /** Kubernetes itself made such volumes, and does so no longer. */
  | { readonly kind: 'removed' }
  /** A program of its own, which registers no CSIDriver object: its absence cannot be told. */
  | { readonly kind: 'not-known' };

/** Whether one of the parts of a name is the word: `linstor.csi.linbit.com`, `seaweedfs-csi-driver`. */
const saysCsi = (provisioner: string): boolean => provisioner.split(/[.-]/).includes('csi');

/**
 * The CSI driver that a provisioner takes. The name of a driver has no slash (CSI specification, GetPluginInfo), while programs of their own are
 * named like `example.com/nfs`. Kubernetes takes any other name for these as well, so an unknown one is not a driver for sure.
 * @param provisioner of a StorageClass, also an in-tree name
 */
export const driverNeedOf = (provisioner: string): DriverNeed => {
  if (provisioner === noProvisioner) return { kind: 'none' };
  if (removed.includes(provisioner)) return { kind: 'removed' };
  const driver = successorOf(provisioner) ?? provisioner;
  if (driver.includes('/')) return { kind: 'not-known' };
  const known = csiPlaceOf(driver) !== undefined || Object.values(migrated).includes(driver);
  return { kind: 'csi', driver, sure: known || saysCsi(driver) };
};
