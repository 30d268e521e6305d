/** Values of `spec.controller` of an IngressClass, and the known workload that serves them. */
const controllers: Readonly<Record<string, string>> = {
  'azure/application-gateway': 'agic',
  'cilium.io/ingress-controller': 'cilium-ingress',
  'haproxy-ingress.github.io/controller': 'haproxy-ingress',
  'higress.io/higress-controller': 'higress',
  'ingress-controllers.konghq.com/kong': 'kong',
  'ingress.k8s.aws/alb': 'aws-load-balancer-controller',
  'istio.io/ingress-controller': 'istio',
  'k8s.io/ingress-nginx': 'ingress-nginx',
  'nginx.org/ingress-controller': 'nginx-ingress',
  'openshift.io/ingress-to-route': 'openshift-router',
  'pomerium.io/ingress-controller': 'pomerium',
  'traefik.io/ingress-controller': 'traefik',
  'webapprouting.kubernetes.azure.com/nginx': 'ingress-nginx',
};

/** Controllers that let their users add to the value, for several instances of one cluster. */
const prefixes: readonly (readonly [string, string])[] = [
  ['apisix.apache.org/', 'apisix'],
  ['haproxy.org/ingress-controller', 'haproxytech'],
  ['haproxy-ingress.github.io/controller/', 'haproxy-ingress'],
  ['k8s.io/ingress-nginx-', 'ingress-nginx'],
  ['projectcontour.io/', 'contour'],
];

/**
 * Which known workload serves an IngressClass.
 * @param controller `spec.controller`
 * @returns the id of a known workload, or undefined where the controller is not known here
 */
export const workloadOfController = (controller: string): string | undefined =>
  Object.hasOwn(controllers, controller) ? controllers[controller] : prefixes.find(([prefix]) => controller.startsWith(prefix))?.[1];
