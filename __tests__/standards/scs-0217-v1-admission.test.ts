import { describe, expect, test } from '@jest/globals';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { apiServer, flagz } from '../helpers/control-plane.js';
import { hidden, kubeadm, levelField, levelRefused, metrics, namespace, nodeRefused, pod, podRefused } from '../helpers/hardening.js';
import { forbidden, settleOne } from '../helpers/settle.js';

type Facts = Readonly<Record<string, unknown>>;
const row = (id: string, facts: Facts) => settleOne(scs0217v1.requirements, id, facts);
const no = forbidden('x');
const expectRow = (id: string, facts: Facts, outcome: string, because: RegExp): void => {
  const { outcome: seen, because: why } = row(id, facts);
  expect([seen, why]).toEqual([outcome, expect.stringMatching(because)]);
};

describe('node-restriction', () => {
  const byPods = { ...kubeadm, 'node-restriction': no, 'api-server-metrics': no };
  const byFlagz = { ...hidden, 'node-restriction': no, 'api-server-metrics': no };
  const uncounted = metrics({ admissionPlugins: [], admissionCounted: false });
  const cases: readonly (readonly [string, Facts, string, RegExp])[] = [
    ['the plugin refuses', kubeadm, 'pass', /may not change another node/],
    [
      'the change is let in',
      { ...kubeadm, 'node-restriction': { ...nodeRefused, status: 200, message: '' } },
      'fail',
      /may change another node \(worker-1\)/,
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
      /does not show the API server's flags/,
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
  test.each(cases)('%s', (_, facts, outcome, because) => expectRow('node-restriction', facts, outcome, because));
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
    ['the level is let in', asked(namespace(201)), 'fail', /pod security admission is off/],
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
      'another field is refused',
      asked(namespace(422, 'Namespace is invalid: metadata.name', ['metadata.name'])),
      'abort',
      /something else/,
    ],
    [
      'the same field is refused in other words',
      asked(namespace(422, `${levelField}: labels need an owner`, [levelField])),
      'abort',
      /something else/,
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
  test.each(cases)('%s', (_, facts, outcome, because) => expectRow('pod-security-admission', facts, outcome, because));
});

describe.each(['pod-security-baseline', 'pod-security-enforce'])('%s', (id) => {
  const user = (enforce: string | null) => ({ name: 'default', enforce });
  const team = (enforce: string | null) => ({ name: 'team', enforce });
  const system = { name: 'kube-system', enforce: null };
  const labels = (namespaces: unknown, more: Facts = {}): Facts => ({ ...kubeadm, 'pod-security-default': no, namespaces, ...more });
  const asked = (answer: unknown, more: Facts = {}): Facts => ({ ...kubeadm, 'pod-security-default': answer, ...more });
  const kyverno =
    'admission webhook "validate.kyverno.svc-fail" denied the request: policy baseline failed: It violates PodSecurity "baseline:latest": privileged';
  const cases: readonly (readonly [string, Facts, string, RegExp])[] = [
    ['a level is enforced by default', asked(podRefused('baseline')), 'pass', /the level baseline is enforced/],
    ['a stricter level', asked(podRefused('restricted')), 'pass', /restricted/],
    ['enforced, and namespaces may not be listed', asked(podRefused('baseline'), { namespaces: no }), 'pass', /baseline/],
    [
      'enforced in default by its own label, another namespace has none',
      asked(podRefused('baseline'), { namespaces: [user('baseline'), system, team(null), { name: 'shop', enforce: 'privileged' }] }),
      'abort',
      /by its own label; team, shop without a label/,
    ],
    [
      'enforced in default by its own label, and by label in every other',
      asked(podRefused('baseline'), { namespaces: [user('baseline'), system, team('restricted')] }),
      'pass',
      /the level baseline is enforced/,
    ],
    [
      'enforced by default, another namespace has none',
      asked(podRefused('baseline'), { namespaces: [user(null), team('privileged')] }),
      'pass',
      /the level baseline is enforced/,
    ],
    ['let in', asked(pod(201)), 'fail', /let into the namespace default$/],
    ['let in, and namespaces may not be listed', asked(pod(201), { namespaces: no }), 'fail', /let into/],
    [
      'let in with a warning only',
      asked(pod(201, '', ['would violate PodSecurity "baseline:latest": privileged'])),
      'fail',
      /with a warning only/,
    ],
    [
      'let in, one other namespace has a label',
      asked(pod(201), { namespaces: [user(null), { name: 'ingress-nginx', enforce: 'restricted' }] }),
      'fail',
      /by label in ingress-nginx alone/,
    ],
    ['a policy engine refuses in its own words', asked(pod(403, kyverno)), 'abort', /the admission webhook validate\.kyverno\.svc-fail/],
    [
      'a policy engine quotes the very sentence of the plugin',
      asked(pod(403, `admission webhook "w.example.org" denied the request: ${podRefused('baseline').message}`)),
      'abort',
      /the admission webhook w\.example\.org/,
    ],
    [
      'a ValidatingAdmissionPolicy refuses',
      asked(pod(403, "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no")),
      'abort',
      /ValidatingAdmissionPolicy p/,
    ],
    ['a quota refuses', asked(pod(403, 'pods "x" is forbidden: exceeded quota: q, requested: pods=1')), 'abort', /a ResourceQuota/],
    [
      'a limit range refuses',
      asked(pod(403, 'pods "x" is forbidden: minimum memory usage per Container is 32Mi, but request is 16Mi')),
      'abort',
      /a LimitRange/,
    ],
    ['a webhook cannot do dry runs', asked(pod(400, 'admission webhook "x" does not support dry run')), 'abort', /something else/],
    [
      'not to be asked, every namespace for workloads has a label',
      labels([user('baseline'), system, team('restricted')]),
      'pass',
      /every namespace for workloads \(2\)/,
    ],
    [
      'labels, and metrics forbidden: the plugin is shown by the wrong level',
      labels([user('baseline')], { 'api-server-metrics': no }),
      'pass',
      /every namespace for workloads \(1\)/,
    ],
    [
      'labels without the plugin have no effect',
      labels([user('baseline')], { 'api-server-metrics': metrics({ admissionPlugins: [] }), 'pod-security-admission': namespace(201) }),
      'abort',
      /labels of namespaces have no effect/,
    ],
    [
      'labels, and nobody shows that the plugin is on',
      labels([user('baseline')], { 'api-server-metrics': no, 'pod-security-admission': no }),
      'abort',
      /grant create pods in namespace default/,
    ],
    ['one namespace without a label', labels([user('baseline'), team(null)]), 'abort', /^.*team without a label/],
    ['a level that is none', labels([user('privileged')]), 'abort', /default without a label/],
    ['no namespace to be seen', labels([]), 'abort', /nothing to judge/],
    ['labels that only upstream’s test reads are no labels', labels([user(null)]), 'abort', /cannot be seen/],
    ['everything forbidden', labels(no, { 'api-server-metrics': no, 'pod-security-admission': no }), 'abort', /grant list namespaces/],
  ];
  test.each(cases)('%s', (_, facts, outcome, because) => expectRow(id, facts, outcome, because));

  test('a hidden control plane is answered by behaviour', () => {
    expect(row(id, { ...hidden, 'pod-security-default': podRefused('baseline'), 'pod-security-admission': levelRefused })).toMatchObject({
      outcome: 'pass',
      rung: 'behave',
    });
  });
});
