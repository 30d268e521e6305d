/** Values of `spec.controller` of an IngressClass, and the known workload that serves them. */
const controllers: Readonly<Record<string, string>> = {
  'ako.vmware.com/avi-lb': 'ako',
  'azure/application-gateway': 'agic',
  'cilium.io/ingress-controller': 'cilium-ingress',
  'citrix.com/ingress-controller': 'netscaler',
  'f5.com/cntr-ingress-svcs': 'f5-cis',
  'getambassador.io/ingress-controller': 'emissary',
  'haproxy-ingress.github.io/controller': 'haproxy-ingress',
  'higress.io/higress-controller': 'higress',
  'ingress-controllers.konghq.com/kong': 'kong',
  'ingress.k8s.alibabacloud/alb': 'alibaba-alb',
  'ingress.k8s.aws/alb': 'aws-load-balancer-controller',
  'istio.io/ingress-controller': 'istio',
  'k8s.io/ingress-gce': 'gce',
  'k8s.io/ingress-nginx': 'ingress-nginx',
  'nginx.org/ingress-controller': 'nginx-ingress',
  'oci.oraclecloud.com/native-ingress-controller': 'oci-native',
  'openshift.io/ingress-to-route': 'openshift-router',
  'pomerium.io/ingress-controller': 'pomerium',
  'tailscale.com/ts-ingress': 'tailscale',
  'traefik.io/ingress-controller': 'traefik',
  'webapprouting.kubernetes.azure.com/nginx': 'ingress-nginx',
};

/** Controllers that let their users add to the value, for several instances of one cluster. */
const prefixes: readonly (readonly [string, string])[] = [
  ['apisix.apache.org/', 'apisix'],
  ['gateway.api7.io/', 'api7'],
  ['haproxy.org/ingress-controller', 'haproxytech'],
  ['haproxy-ingress.github.io/controller/', 'haproxy-ingress'],
  ['k8s.ngrok.com/ingress-controller', 'ngrok'],
  ['k8s.io/ingress-nginx-', 'ingress-nginx'],
  ['ngrok.com/ingress-controller', 'ngrok'],
  ['openstack.org/', 'octavia'],
  ['projectcontour.io/', 'contour'],
  ['webapprouting.kubernetes.azure.com/nginx/', 'ingress-nginx'],
];

/**
 * The Octavia Ingress Controller reads no IngressClass itself, so its makers give it no name there: who offers it chooses one
 * (github.com/kubernetes/cloud-provider-openstack, pkg/ingress/controller/controller.go).
 */
const namesOctavia = (controller: string): boolean => controller.includes('octavia');

/**
 * Which known workload serves an IngressClass.
 * @param controller `spec.controller`
 * @returns the id of a known workload, or undefined where the controller is not known here
 */
export const workloadOfController = (controller: string): string | undefined => {
  if (Object.hasOwn(controllers, controller)) return controllers[controller];
  return prefixes.find(([prefix]) => controller.startsWith(prefix))?.[1] ?? (namesOctavia(controller) ? 'octavia' : undefined);
};
