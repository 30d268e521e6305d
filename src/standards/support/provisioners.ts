/**
 * Where volumes of a provisioner lie.
 * `local`: on the node that uses them. `network`: on storage beside the nodes, which any node of the zone reaches.
 * `replicated`: on disks of nodes, in as many copies as the class says. `elsewhere`: on something that the class does not show.
 */
export type VolumePlace = 'local' | 'network' | 'replicated' | 'elsewhere';

const local = [
  'device.csi.openebs.io',
  'direct.csi.min.io',
  'directpv-min-io',
  'docker.io/hostpath',
  'hostpath.csi.k8s.io',
  'k8s.io/minikube-hostpath',
  'kubernetes.io/host-path',
  'kubernetes.io/no-provisioner',
  'kubevirt.io.hostpath-provisioner',
  'kubevirt.io/hostpath-provisioner',
  'local.csi.openebs.io',
  'lvm.csi.metal-stack.io',
  'microk8s.io/hostpath',
  'openebs.io/local',
  'org.democratic-csi.local-hostpath',
  'rancher.io/local-path',
  'rawfile.csi.openebs.io',
  'topolvm.cybozu.com',
  'topolvm.io',
  'zfs.csi.openebs.io',
];

/** Block and file storage of clouds and storage clusters, each by the name that its CSI driver registers; in-tree names are served by the same drivers. */
const network = [
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
  'kubernetes.io/aws-ebs',
  'kubernetes.io/azure-disk',
  'kubernetes.io/azure-file',
  'kubernetes.io/cinder',
  'kubernetes.io/gce-pd',
  'kubernetes.io/vsphere-volume',
  'linodebs.csi.linode.com',
  'nfs.manila.csi.openstack.org',
  'pd.csi.storage.gke.io',
  'rbd.csi.ceph.com',
  'storage.csi.upcloud.com',
  'vpc.block.csi.ibm.io',
];

const elsewhere = ['csi.kubevirt.io', 'csi.proxmox.sinextra.dev', 'k8s-sigs.io/nfs-subdir-external-provisioner', 'nfs.csi.k8s.io'];

const places: Readonly<Record<string, VolumePlace>> = Object.fromEntries([
  ...local.map((name) => [name, 'local'] as const),
  ...network.map((name) => [name, 'network'] as const),
  ...elsewhere.map((name) => [name, 'elsewhere'] as const),
  ['driver.longhorn.io', 'replicated'] as const,
]);

/** Rook puts its operator's namespace before the driver's name: `rook-ceph.rbd.csi.ceph.com`. */
const rook = /^[a-z0-9-]+\.((?:rbd|cephfs)\.csi\.ceph\.com)$/;

/**
 * Where the volumes of a provisioner lie, by its name alone.
 * @returns undefined where the provisioner is not known here: nothing can be said then
 */
export const placeOf = (provisioner: string): VolumePlace | undefined => {
  const name = rook.exec(provisioner)?.[1] ?? provisioner;
  return Object.hasOwn(places, name) ? places[name] : undefined;
};
