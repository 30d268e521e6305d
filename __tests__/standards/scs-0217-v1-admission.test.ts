import { describe, expect, test } from '@jest/globals';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { apiServer, flagz } from '../helpers/control-plane.js';
import { hidden, kubeadm, levelField, metrics, namespace, nodeRefused } from '../helpers/hardening.js';
import { forbidden, settleOne } from '../helpers/settle.js';

type Facts = Readonly<Record<string, unknown>>;
const row = (id: string, facts: Facts) => settleOne(scs0217v1.requirements, id, facts);
const no = forbidden('x');
const noDryRun = 'admission webhook "w.example.org" does not support dry run';
const expectRow = (id: string, facts: Facts, outcome: string, message: RegExp): void => {
  const { outcome: seen, message: why } = row(id, facts);
  expect([seen, why]).toEqual([outcome, expect.stringMatching(message)]);
};

describe('node-restriction', () => {
  const byPods = { ...kubeadm, 'node-restriction': no, 'api-server-metrics': no };
  const byFlagz = { ...hidden, 'node-restriction': no, 'api-server-metrics': no };
  const noOther = { 'api-server-metrics': no, 'api-server-flagz': no };
  const uncounted = metrics({ admissionPlugins: [], admissionCounted: false });
  const cases: readonly (readonly [string, Facts, string, RegExp])[] = [
    ['the plugin refuses', kubeadm, 'pass', /may not change another node/],
    [
      'the change is let in',
      { ...kubeadm, 'node-restriction': { ...nodeRefused, status: 200, message: '' } },
      'fail',
      /may change another node \("worker-1"\)/,
    ],
    [
      'a webhook takes no dry run: metrics decide',
      { ...kubeadm, 'node-restriction': { ...nodeRefused, status: 400, message: noDryRun, impersonated: false } },
      'pass',
      /has handled writes/,
    ],
    [
      'a webhook takes no dry run, and nothing else tells',
      { ...hidden, ...noOther, 'node-restriction': { ...nodeRefused, status: 400, message: noDryRun, impersonated: false } },
      'abort',
      /^The admission webhook "w\.example\.org" takes no dry run, so a change of node "worker-1" as another node cannot be tried/,
    ],
    [
      'a policy engine refuses the change, and nothing else tells',
      {
        ...hidden,
        ...noOther,
        'node-restriction': { ...nodeRefused, message: 'admission webhook "v.kyverno.svc" denied the request: no' },
      },
      'abort',
      /^The admission webhook "v\.kyverno\.svc" refused a change of node/,
    ],
    [
      'the node is a stand-in of a virtual cluster, whose syncer answers: the API server’s own count decides',
      { ...hidden, 'node-restriction': { ...nodeRefused, status: 200, message: '', standIn: 'vCluster' } },
      'pass',
      /has handled writes/,
    ],
    [
      'the same, and the API server has counted none',
      {
        ...hidden,
        'node-restriction': { ...nodeRefused, status: 200, message: '', standIn: 'vCluster' },
        'api-server-metrics': metrics({ admissionPlugins: ['NamespaceLifecycle'] }),
      },
      'fail',
      /is off/,
    ],
    [
      'the same, and nothing else tells',
      { ...hidden, ...noOther, 'node-restriction': { ...nodeRefused, status: 200, message: '', standIn: 'vCluster' } },
      'abort',
      /^Node "worker-1" is a stand-in of vCluster/,
    ],
    ['the plugin refuses on a hidden control plane', hidden, 'pass', /may not change/],
    [
      'a proxy dropped the impersonation: metrics decide',
      { ...kubeadm, 'node-restriction': { ...nodeRefused, status: 200, impersonated: false } },
      'pass',
      /has handled writes/,
    ],
    [
      'the authorizer refuses before the plugin is asked: metrics decide',
      {
        ...kubeadm,
        'node-restriction': {
          ...nodeRefused,
          message: 'nodes "worker-1" is forbidden: User "system:node:scs-probe" cannot patch resource "nodes"',
        },
        'api-server-metrics': metrics({ admissionPlugins: ['NamespaceLifecycle'] }),
      },
      'fail',
      /has handled no write, while others have/,
    ],
    ['impersonation forbidden, the plugin counted', { ...hidden, 'node-restriction': no }, 'pass', /has handled writes/],
    [
      'impersonation forbidden, the plugin not counted',
      { ...hidden, 'node-restriction': no, 'api-server-metrics': metrics({ admissionPlugins: ['NamespaceLifecycle'] }) },
      'fail',
      /is off/,
    ],
    ['nothing counted yet, the flag set', { ...byPods, 'api-server-metrics': uncounted }, 'pass', /enable-admission-plugins names/],
    ['by the flag', byPods, 'pass', /enable-admission-plugins names NodeRestriction/],
    [
      'without the flag',
      { ...byPods, 'kube-apiserver-pods': [apiServer({ 'enable-admission-plugins': undefined })] },
      'fail',
      /off by default/,
    ],
    [
      'the plugin refuses, and another API server than the one that was asked goes without it',
      { ...kubeadm, 'kube-apiserver-pods': [apiServer(), apiServer({ 'enable-admission-plugins': 'X' }, 'cp-2')] },
      'fail',
      /kube-apiserver-cp-2: enable-admission-plugins does not name/,
    ],
    [
      'the plugin refuses, and so does another API server as far as its flags tell',
      { ...kubeadm, 'kube-apiserver-pods': [apiServer(), apiServer({}, 'cp-2')] },
      'pass',
      /may not change another node/,
    ],
    [
      'with another plugin whose name begins alike',
      { ...byPods, 'kube-apiserver-pods': [apiServer({ 'enable-admission-plugins': 'NodeRestrictionX' })] },
      'fail',
      /does not name/,
    ],
    [
      'one of two servers without the flag',
      { ...byPods, 'kube-apiserver-pods': [apiServer(), apiServer({ 'enable-admission-plugins': 'X' }, 'cp-2')] },
      'fail',
      /kube-apiserver-cp-2/,
    ],
    [
      'a command that shows no flags',
      { ...byPods, 'api-server-flagz': no, 'kube-apiserver-pods': [{ ...apiServer(), flags: {} }] },
      'abort',
      /pod kube-apiserver-cp-1: the API server's flags are not in its command line/,
    ],
    ['by /flagz', byFlagz, 'pass', /names NodeRestriction/],
    [
      'by /flagz, disabled',
      { ...byFlagz, 'api-server-flagz': flagz({ 'enable-admission-plugins': '[]', 'disable-admission-plugins': '[NodeRestriction]' }) },
      'fail',
      /disable-admission-plugins names/,
    ],
    ['/flagz that lacks the flag', { ...byFlagz, 'api-server-flagz': { flags: {} } }, 'abort', /not shown/],
    [
      'hidden, and everything forbidden',
      { ...byFlagz, 'api-server-flagz': no },
      'abort',
      /grant list nodes, create pods in namespace default, get pods in namespace default, impersonate users \(system:node:scs-probe\), impersonate groups \(system:nodes\)/,
    ],
  ];
  test.each(cases)('%s', (_, facts, outcome, message) => expectRow('node-restriction', facts, outcome, message));
});

describe('pod-security-admission', () => {
  const asked = (answer: unknown): Facts => ({ ...kubeadm, 'api-server-metrics': no, 'pod-security-admission': answer });
  const cases: readonly (readonly [string, Facts, string, RegExp])[] = [
    ['the level is refused', kubeadm, 'pass', /refuses a level that does not exist/],
    [
      'the level is refused, and another API server has the plugin off',
      { ...kubeadm, 'kube-apiserver-pods': [apiServer(), apiServer({ 'disable-admission-plugins': 'PodSecurity' }, 'cp-2')] },
      'fail',
      /kube-apiserver-cp-2/,
    ],
    ['the level is admitted', asked(namespace(201)), 'fail', /Pod security admission is off/],
    [
      'a policy engine refuses: metrics decide',
      { ...kubeadm, 'pod-security-admission': namespace(403, 'admission webhook "v.kyverno.svc" denied the request: x') },
      'pass',
      /has handled writes/,
    ],
    [
      'a policy engine refuses, and nothing else tells',
      asked(namespace(403, 'admission webhook "v.kyverno.svc" denied the request: x')),
      'abort',
      /v\.kyverno\.svc/,
    ],
    [
      'a webhook takes no dry run: metrics decide',
      { ...kubeadm, 'pod-security-admission': namespace(400, noDryRun) },
      'pass',
      /has handled writes/,
    ],
    [
      'a webhook takes no dry run, and nothing else tells',
      asked(namespace(400, noDryRun)),
      'abort',
      /The admission webhook "w\.example\.org" takes no dry run, so a namespace with a level that does not exist cannot be tried/,
    ],
    [
      'another field is refused',
      asked(namespace(422, 'Namespace is invalid: metadata.name', ['metadata.name'])),
      'abort',
      /Something unknown refused .*: 422 Namespace is invalid/,
    ],
    [
      'the same field is refused in other words',
      asked(namespace(422, `${levelField}: labels need an owner`, [levelField])),
      'abort',
      /Something unknown refused .*labels need an owner/,
    ],
    ['forbidden, counted', { ...hidden, 'pod-security-admission': no }, 'pass', /has handled writes/],
    [
      'forbidden, others counted',
      { ...hidden, 'pod-security-admission': no, 'api-server-metrics': metrics({ admissionPlugins: ['NamespaceLifecycle'] }) },
      'fail',
      /is off/,
    ],
    ['no flag at all: on by default proves nothing', asked(no), 'abort', /proves nothing: it is on by default/],
    [
      'disabled by flag',
      { ...asked(no), 'kube-apiserver-pods': [apiServer({ 'disable-admission-plugins': 'PodSecurity,NodeRestriction' })] },
      'fail',
      /disable-admission-plugins names PodSecurity/,
    ],
    [
      'enabled by flag',
      { ...asked(no), 'kube-apiserver-pods': [apiServer({ 'enable-admission-plugins': 'PodSecurity' })] },
      'pass',
      /enable-admission-plugins names PodSecurity/,
    ],
    [
      'hidden, and everything forbidden',
      { ...asked(no), 'kube-apiserver-pods': [], 'api-server-flagz': no },
      'abort',
      /grant create pods in namespace default, get pods in namespace default, create namespaces/,
    ],
  ];
  test.each(cases)('%s', (_, facts, outcome, message) => expectRow('pod-security-admission', facts, outcome, message));
});
