import { splitImage } from '../../text/bounded.js';

/** What a workload is there for, as far as any standard asks. */
export type WorkloadRole = 'cni' | 'ingress-controller' | 'policy-operator';

/** A program that is known by the names that its makers give to its workload. */
export interface KnownWorkload {
  readonly id: string;
  readonly role: WorkloadRole;
  /** As its makers write it. */
  readonly title: string;
  /** Names of the workload; a release name may stand before them: `rke2-canal`. */
  readonly names: readonly string[];
  /** Values of the label `app.kubernetes.io/name`. */
  readonly labels: readonly string[];
  /** Ends of the image's repository, at a slash: a mirror changes only what stands before. */
  readonly images: readonly string[];
  /** Ids of other programs whose images its workload runs. */
  readonly runs?: readonly string[] | undefined;
}

const split = (words: string): readonly string[] => words.split(' ').filter((word) => word !== '');
/** Programs of one role; names, images and labels are separated by blanks. */
const ofRole =
  (role: WorkloadRole) =>
  (id: string, title: string, names: string, images: string, labels = ''): KnownWorkload => ({
    id,
    role,
    title,
    names: split(names),
    images: split(images),
    labels: split(labels),
  });
const cni = ofRole('cni');
const ingress = ofRole('ingress-controller');
const operator = ofRole('policy-operator');

/** Every program that any standard or the description of the cluster asks for. */
export const knownWorkloads: readonly KnownWorkload[] = [
  cni('antrea', 'Antrea', 'antrea-agent', 'antrea/antrea-agent-ubuntu antrea/antrea-agent-ubi'),
  cni('aws-vpc-cni', 'Amazon VPC CNI', 'aws-node', 'amazon-k8s-cni'),
  cni('azure-cni', 'Azure CNI', 'azure-cns', 'azure-cns'),
  cni('calico', 'Calico', 'calico-node', 'calico/node'),
  { ...cni('canal', 'Canal', 'canal', ''), runs: ['calico', 'flannel'] },
  cni('cilium', 'Cilium', 'cilium anetd', 'cilium/cilium'),
  cni('flannel', 'Flannel', 'kube-flannel-ds kube-flannel', 'flannel/flannel flannel-io/flannel flannelcni/flannel'),
  cni('kindnet', 'kindnet', 'kindnet', 'kindnetd'),
  cni('kube-network-policies', 'kube-network-policies', 'kube-network-policies', 'networking/kube-network-policies'),
  cni('kube-ovn', 'Kube-OVN', 'kube-ovn-cni', 'kubeovn/kube-ovn'),
  cni('kube-router', 'kube-router', 'kube-router', 'cloudnativelabs/kube-router'),
  cni('ovn-kubernetes', 'OVN-Kubernetes', 'ovnkube-node', 'ovn-kube-ubuntu ovn-kube-fedora ovn-kubernetes'),
  cni('weave', 'Weave Net', 'weave-net', 'weave-kube'),

  ingress(
    'agic',
    'Application Gateway Ingress Controller',
    'ingress-appgw-deployment ingress-azure',
    'application-gateway-kubernetes-ingress',
    'ingress-azure',
  ),
  ingress('ako', 'Avi Kubernetes Operator', 'ako', 'ako/ako', 'ako'),
  ingress('alibaba-alb', 'ALB Ingress Controller', 'alb-ingress-controller', 'acs/alb-ingress-controller'),
  ingress(
    'apisix',
    'Apache APISIX Ingress Controller',
    'apisix-ingress-controller',
    'apache/apisix-ingress-controller',
    'apisix-ingress-controller',
  ),
  ingress('api7', 'API7 Ingress Controller', 'api7-ingress-controller', 'api7/api7-ingress-controller'),
  ingress(
    'aws-load-balancer-controller',
    'AWS Load Balancer Controller',
    'aws-load-balancer-controller',
    'aws-load-balancer-controller',
    'aws-load-balancer-controller',
  ),
  ingress('cilium-ingress', 'Cilium', 'cilium-operator', 'cilium/operator cilium/operator-generic', 'cilium-operator'),
  ingress('contour', 'Contour', 'contour', 'projectcontour/contour', 'contour'),
  ingress(
    'emissary',
    'Emissary Ingress',
    'emissary-ingress ambassador',
    'emissary-ingress/emissary datawire/emissary datawire/ambassador',
    'emissary-ingress ambassador',
  ),
  ingress('f5-cis', 'F5 Container Ingress Services', 'k8s-bigip-ctlr f5-bigip-ctlr', 'f5networks/k8s-bigip-ctlr', 'f5-bigip-ctlr'),
  ingress('gce', 'GCE Ingress Controller', 'l7-lb-controller', 'ingress-gce-glbc-amd64 ingress-gce-glbc'),
  ingress('haproxy-ingress', 'HAProxy Ingress', 'haproxy-ingress', 'jcmoraisjr/haproxy-ingress haproxy-ingress', 'haproxy-ingress'),
  ingress(
    'haproxytech',
    'HAProxy Kubernetes Ingress Controller',
    'haproxy-kubernetes-ingress kubernetes-ingress',
    'haproxytech/kubernetes-ingress',
    'kubernetes-ingress',
  ),
  ingress('higress', 'Higress', 'higress-controller', 'higress/higress'),
  // Charts of ingress-nginx and of F5's controller both name their Deployment nginx-ingress-controller: the name alone tells neither.
  ingress(
    'ingress-nginx',
    'ingress-nginx',
    'ingress-nginx-controller',
    'ingress-nginx/controller ingress-nginx/controller-chroot nginx-ingress-controller',
    'ingress-nginx rke2-ingress-nginx nginx-ingress-controller',
  ),
  ingress('istio', 'Istio', 'istiod', 'istio/pilot', 'istiod'),
  ingress('kong', 'Kong Ingress Controller', 'ingress-kong kong-controller', 'kong/kubernetes-ingress-controller', 'kong'),
  ingress(
    'netscaler',
    'NetScaler Ingress Controller',
    'netscaler-ingress-controller citrix-ingress-controller cic-k8s-ingress-controller',
    'netscaler-k8s-ingress-controller citrix-k8s-ingress-controller',
  ),
  ingress(
    'nginx-ingress',
    'NGINX Ingress Controller',
    'nginx-ingress',
    'nginx/nginx-ingress nginx-ingress nginx-plus-ingress nginx/kubernetes-ingress nginxinc/kubernetes-ingress',
    'nginx-ingress',
  ),
  ingress('ngrok', 'ngrok Operator', 'ngrok-operator-manager ngrok-operator', 'ngrok/ngrok-operator', 'ngrok-operator'),
  ingress('oci-native', 'OCI Native Ingress Controller', 'oci-native-ingress-controller', 'oci-native-ingress-controller'),
  ingress(
    'octavia',
    'Octavia Ingress Controller',
    'octavia-ingress-controller',
    'octavia-ingress-controller',
    'octavia-ingress-controller',
  ),
  ingress('openshift-router', 'OpenShift router', 'router-default', ''),
  ingress('pomerium', 'Pomerium Ingress Controller', 'pomerium', 'pomerium/ingress-controller'),
  ingress('tailscale', 'Tailscale Kubernetes Operator', '', 'tailscale/k8s-operator'),
  ingress('traefik', 'Traefik', 'traefik', 'library/traefik traefik traefik/traefik rancher/mirrored-library-traefik', 'traefik'),

  operator('capsule', 'Capsule', 'capsule-controller-manager', 'projectcapsule/capsule'),
  // The Azure Policy add-on of AKS brings it under names of its own.
  operator(
    'gatekeeper',
    'Gatekeeper',
    'gatekeeper-controller-manager gatekeeper-controller',
    'openpolicyagent/gatekeeper open-policy-agent/gatekeeper',
  ),
  operator('hierarchical-namespaces', 'Hierarchical Namespace Controller', 'hnc-controller-manager', 'hnc-manager'),
  operator('kubewarden', 'Kubewarden', 'kubewarden-controller', 'kubewarden/kubewarden-controller'),
  operator(
    'kyverno',
    'Kyverno',
    'kyverno kyverno-admission-controller kyverno-background-controller',
    'kyverno/kyverno kyverno/background-controller',
  ),
];

/** What a workload is known by. */
export interface WorkloadMarks {
  readonly kind: string;
  readonly name: string;
  /** The label `app.kubernetes.io/name`, `''` where it is not set. */
  readonly appName: string;
  /** As `repository:tag`. */
  readonly images: readonly string[];
}

/** Serves what no rule matches; its chart labels it like the controller beside it, and it proves no controller. */
const defaultBackend = /(?:^|-)default-?(?:http-?)?backend$/;

const endsWithPart = (text: string, part: string, separator: string): boolean => text === part || text.endsWith(`${separator}${part}`);

/** Whether a workload can be a program at all, whatever it is called. */
const mayBe = (known: KnownWorkload, marks: WorkloadMarks): boolean =>
  // A network plugin runs on every node: operators and helpers of the same maker are Deployments.
  (known.role !== 'cni' || marks.kind === 'DaemonSet') && !defaultBackend.test(marks.name);

type Sign = (known: KnownWorkload, marks: WorkloadMarks) => boolean;

const byImage: Sign = (known, { images }) =>
  images.some((image) => known.images.some((end) => endsWithPart(splitImage(image).repository, end, '/')));
const byLabel: Sign = (known, { appName }) => appName !== '' && known.labels.includes(appName);
const byName: Sign = (known, { name }) => known.names.some((end) => endsWithPart(name, end, '-'));

/** What a workload is told by, the surest first: the image is what runs, a chart sets the label, and anybody chooses the name. */
const signs: readonly Sign[] = [byImage, byLabel, byName];

/** Whether one program may run what shows another one: each does something else, or the one consists of the other. */
const goTogether = (known: KnownWorkload, other: KnownWorkload): boolean =>
  known.role !== other.role || known.id === other.id || known.runs?.includes(other.id) === true;

/**
 * Which known programs a workload runs; several where one does several things, none where it is not known. A sign counts where no surer one shows
 * another program of the same role: a name such as `nginx-ingress` is given to several, and would else prove one that does not run.
 * A program that consists of others, as Canal does, is named alone.
 */
export const recogniseWorkloads = (marks: WorkloadMarks): readonly KnownWorkload[] => {
  const possible = knownWorkloads.filter((known) => mayBe(known, marks));
  const shown = signs.map((sign) => possible.filter((known) => sign(known, marks)));
  const found = possible.filter((known) => {
    const first = shown.findIndex((some) => some.includes(known));
    return first >= 0 && shown.slice(0, first).every((surer) => surer.every((other) => goTogether(known, other)));
  });
  const parts = found.flatMap(({ runs }) => runs ?? []);
  return found.filter(({ id }) => !parts.includes(id));
};
