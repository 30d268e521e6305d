import { statusBody } from './api-faults.js';
import { answered, type Trouble, type TroubleMaker } from './recorded-cluster.js';

/** What whoever may write into a cluster can choose, and a server that is not ours can choose in any case. */
const chosen = new Set([
  'name',
  'provisioner',
  'controller',
  'controllerName',
  'message',
  'reason',
  'username',
  'kubeletVersion',
  'nodeName',
  'image',
  'mode',
  'address',
  'requestor',
]);
const chosenLabels = /^(topology\.|node-role\.|pod-security|app\.kubernetes\.io)/;
/** Objects whose names decide what is asked next, or by whom. */
const decided = /^(GET \/apis|GET \/flagz|GET \/api\/v1\/namespaces\/.*\/configmaps\/.*|POST .*token.*|POST .*selfsubjectreviews.*)$/;

const inTexts = (value: unknown, text: string, label = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => inTexts(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner === 'string')
        return [key, (label ? chosenLabels : /^$/).test(key) || (!label && chosen.has(key)) ? `${text}${inner}${text}` : inner];
      return [key, inTexts(inner, text, key === 'labels' || key === 'annotations')];
    }),
  );
};

/** A class of each kind, so that there is something to name. */
const classes: Readonly<Record<string, object>> = {
  'GET /apis/networking.k8s.io/v1/ingressclasses': { metadata: { name: 'ingress' }, spec: { controller: 'example.org/ingress' } },
  'GET /apis/storage.k8s.io/v1/csidrivers': { metadata: { name: 'disk.example.org' } },
  'GET /apis/storage.k8s.io/v1/csinodes': { metadata: { name: 'worker' }, spec: { drivers: [{ name: 'disk.example.org' }] } },
  'GET /apis/storage.k8s.io/v1/storageclasses': { metadata: { name: 'fast' }, provisioner: 'example.org/disk' },
  'GET /apis/certificates.k8s.io/v1/certificatesigningrequests of spec.signerName=kubernetes.io/kubelet-serving': {
    metadata: { name: 'csr', creationTimestamp: '2026-11-23T12:00:00Z' },
    spec: { signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:a' },
  },
  'GET /apis/batch/v1/cronjobs': {
    metadata: { name: 'etcd-backup', namespace: 'kube-system' },
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: 'etcd-backup' }] } } } } },
  },
};

const withClass = (endpoint: string, body: unknown): unknown => {
  const item = classes[endpoint];
  return item === undefined || typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)
    ? body
    : { ...body, items: [...(body.items as unknown[]), item] };
};

/**
 * A cluster in which every text that someone may choose holds a text: names, labels, classes, versions, messages.
 * @param text in front of and behind each of them
 */
export const hostile =
  (text: string): TroubleMaker =>
  (endpoint, _nth, recorded): Trouble | undefined => {
    if (endpoint === 'GET /version') return answered({ gitVersion: `v1.36.3 ${text}` });
    if (endpoint.endsWith('/proxy/configz') && recorded === undefined)
      return { kind: 'answer', answer: { status: 503, body: statusBody(503, `${text} error ${text}`) } };
    if (recorded === undefined || decided.test(endpoint)) return undefined;
    try {
      return answered(inTexts(withClass(endpoint, JSON.parse(String(recorded.body))), text), recorded.status);
    } catch {
      return undefined;
    }
  };

/** A server that refuses everything, in words of its own choice. */
export const refusingWith =
  (text: string, from = 2): TroubleMaker =>
  (endpoint, nth) =>
    endpoint === 'GET /version' && nth < from
      ? undefined
      : {
          kind: 'answer',
          answer: { status: 403, headers: { warning: '299 - "x"' }, body: statusBody(403, `${text} forbidden ${text}`, 'Forbidden') },
        };
