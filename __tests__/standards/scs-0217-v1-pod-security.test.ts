import { describe, expect, test } from '@jest/globals';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { hidden, kubeadm, levelRefused, metrics, namespace, pod, podRefused } from '../helpers/hardening.js';
import { apiServer, flagz } from '../helpers/control-plane.js';
import { forbidden, settleOne } from '../helpers/settle.js';

type Facts = Readonly<Record<string, unknown>>;
type Levels = Readonly<Record<string, string | null | undefined>>;
const row = (id: string, facts: Facts) => settleOne(scs0217v1.requirements, id, facts);
const no = forbidden('x');

/** A namespace whose labels are shown; modes that are left out have no label. */
const space = (name: string, levels: Levels = {}) => ({ name, enforce: null, warn: null, audit: null, ...levels });
const system = space('kube-system');
const list = (...spaces: readonly ReturnType<typeof space>[]): Facts => ({ namespaces: [system, ...spaces] });
const enforced = { enforce: 'baseline' };
const hiddenLabels = { enforce: undefined, warn: undefined, audit: undefined };

const warningOf = (level: string): string =>
  `would violate PodSecurity "${level}:latest": privileged (container "probe" must not set securityContext.privileged=true)`;
const admitted = pod(201);
const warned = pod(201, '', [warningOf('baseline')]);
const refused = podRefused('baseline');
const noDryRun = 'admission webhook "aks-webhook-admission-controller.azmk8s.io" does not support dry run';

const asked = (answer: unknown, more: Facts = {}): Facts => ({ ...kubeadm, 'pod-security-default': answer, ...more });
/** The pod could not be tried. */
const labels = (more: Facts): Facts => asked(no, more);
const unknownPlugin = { 'api-server-metrics': no, 'pod-security-admission': no };

type Case = readonly [
  string,
  Facts,
  baseline: readonly [outcome: string, message: RegExp],
  enforce?: readonly [outcome: string, message: RegExp],
];

/** Both rows on the same facts; where one entry stands for both they agree. */
const cases: readonly Case[] = [
  ['refused by default', asked(refused), ['pass', /^Namespace "default" refuses a privileged pod: .* mode enforce is baseline$/]],
  ['a stricter level', asked(podRefused('restricted')), ['pass', /mode enforce is restricted$/]],
  [
    'refused by default, users have labelled others',
    asked(refused, list(space('default'), space('team', { enforce: 'privileged' }))),
    ['pass', /"default"/],
  ],
  [
    'refused by default, and only default is shown: nothing else could refute it',
    asked(refused, { namespaces: [space('default')] }),
    ['pass', /mode enforce/],
  ],
  ['refused, and namespaces may not be listed', asked(refused, { namespaces: no }), ['abort', /its labels cannot be seen/]],
  ['refused, and the list is empty', asked(refused, { namespaces: [] }), ['abort', /The list of namespaces is empty/]],
  [
    'refused, and the list lacks default',
    asked(refused, list(space('team', enforced))),
    ['abort', /its labels cannot be seen.*; The list of namespaces lacks default/],
  ],
  [
    'refused, and the labels of default are not shown',
    asked(refused, list(space('default', { enforce: undefined, warn: undefined, audit: undefined }))),
    ['abort', /its labels cannot be seen/],
  ],
  [
    'refused by a label of its own, another namespace has none',
    asked(refused, list(space('default', enforced), space('team'), space('shop', { enforce: 'privileged' }))),
    ['abort', /by its own label pod-security\.kubernetes\.io\/enforce=baseline.*; Namespaces team, shop carry no label/],
  ],
  [
    'refused by a label of its own, and every other namespace has one',
    asked(refused, list(space('default', enforced), space('team', { enforce: 'restricted' }))),
    ['pass', /^Every namespace of users \(2\) .* by label: default, team$/],
  ],
  [
    'the same, and the list lacks kube-system: it is a part only',
    asked(refused, { namespaces: [space('default', enforced), space('team', enforced)] }),
    ['abort', /lacks kube-system: it shows only a part/],
  ],

  ['admitted', asked(admitted), ['fail', /^Namespace "default" admits a privileged pod without a warning$/]],
  // A label of its own may be why it was admitted, and labels of mode audit may be on every namespace.
  [
    'admitted, and namespaces may not be listed',
    asked(admitted, { namespaces: no }),
    ['abort', /its labels cannot be seen.*grant list namespaces/],
  ],
  ['admitted, and the list is empty', asked(admitted, { namespaces: [] }), ['abort', /its labels cannot be seen.*is empty/]],
  [
    'admitted, and the list lacks default',
    asked(admitted, list(space('team', enforced))),
    ['abort', /^Namespace "default" admits a privileged pod without a warning, but its labels cannot be seen.*lacks default/],
  ],
  [
    'admitted, and the labels of no namespace are shown',
    asked(admitted, list(space('default', hiddenLabels), space('team', hiddenLabels))),
    ['abort', /its labels cannot be seen.*The labels of 2 namespaces are not shown/],
  ],
  [
    'admitted, and the label of default in mode audit alone is not shown',
    asked(admitted, list(space('default', { audit: undefined }))),
    ['abort', /no namespace is seen without a label.*The labels of 1 namespace are not shown/],
    ['fail', /without a warning$/],
  ],
  [
    'admitted, default audits, and the labels of another namespace are not shown',
    asked(admitted, list(space('default', { audit: 'baseline' }), space('team', hiddenLabels))),
    ['abort', /no namespace is seen without a label.*The labels of 1 namespace are not shown: team/],
    ['fail', /without a warning$/],
  ],
  [
    'admitted, default audits, and the list shows a part only',
    asked(admitted, { namespaces: [space('default', { audit: 'baseline' })] }),
    ['abort', /no namespace is seen without a label.*lacks kube-system/],
    ['fail', /without a warning$/],
  ],
  [
    'admitted, default has no label, and the list shows a part only: what it shows is enough, and no number of it',
    asked(admitted, { namespaces: [space('default'), space('team', enforced)] }),
    ['fail', /^Namespace "default" admits a privileged pod without a warning$/],
  ],
  [
    'admitted, every namespace audits by label, and nobody shows that the plugin is on',
    asked(admitted, { ...list(space('default', { audit: 'baseline' })), ...unknownPlugin }),
    ['abort', /nothing shows that pod security admission is on/],
    ['fail', /without a warning$/],
  ],
  ['admitted, and the name was taken', asked(pod(409, 'pods "scs-kaas-probe-x" already exists')), ['fail', /admits/]],
  [
    'admitted, one other namespace has a label',
    asked(admitted, list(space('default'), space('ingress-nginx', { enforce: 'restricted' }))),
    ['fail', /only 1 namespace .* by label: ingress-nginx$/],
  ],
  [
    'admitted by a label of default: what holds elsewhere is hidden',
    asked(admitted, list(space('default', { enforce: 'privileged' }))),
    ['abort', /by its own label pod-security\.kubernetes\.io\/enforce=privileged, which hides/],
  ],
  [
    'admitted, and default switches only the warning off',
    asked(admitted, list(space('default', { warn: 'privileged' }))),
    ['abort', /its own label pod-security\.kubernetes\.io\/warn=privileged/],
    ['fail', /admits a privileged pod without a warning/],
  ],
  [
    'admitted against the label of default: the login is exempt',
    asked(admitted, list(space('default', enforced), space('team'))),
    ['abort', /all the same: the login or the namespace is exempt/],
  ],
  [
    'admitted to an exempt login, and every namespace has a label',
    asked(admitted, list(space('default', enforced), space('team', enforced))),
    ['pass', /^Every namespace of users \(2\)/],
  ],
  [
    'admitted, every namespace audits by label',
    asked(admitted, list(space('default', { audit: 'baseline' }), space('team', { audit: 'restricted' }))),
    ['pass', /^Every namespace of users \(2\) asks for/],
    ['fail', /admits a privileged pod without a warning/],
  ],
  [
    'admitted, one of two namespaces audits',
    asked(admitted, list(space('default', { audit: 'baseline' }), space('team'))),
    ['fail', /only 1 namespace asks for a level by label: default$/],
    ['fail', /without a warning$/],
  ],

  [
    'warned by default',
    asked(warned),
    ['pass', /with a warning: .* mode warn is baseline$/],
    ['fail', /admits a privileged pod and only warns$/],
  ],
  [
    'warned by default of Restricted',
    asked(pod(201, '', [warningOf('restricted')])),
    ['pass', /mode warn is restricted$/],
    ['fail', /only warns/],
  ],
  [
    'warned, and namespaces may not be listed',
    asked(warned, { namespaces: no }),
    ['abort', /its labels cannot be seen/],
    ['abort', /admits a privileged pod and only warns, but its labels cannot be seen/],
  ],
  [
    'warned, in a snapshot without labels of mode warn',
    asked(warned, {
      namespaces: [
        { name: 'default', enforce: null },
        { name: 'kube-system', enforce: null },
      ],
    }),
    ['abort', /its labels cannot be seen/],
    ['fail', /only warns/],
  ],
  [
    'warned by a label of default, another namespace has none',
    asked(warned, list(space('default', { warn: 'baseline' }), space('team'))),
    ['abort', /by its own label pod-security\.kubernetes\.io\/warn=baseline/],
    ['fail', /only warns/],
  ],
  [
    'warned by a label of default, and every other namespace has one of some mode',
    asked(warned, list(space('default', { warn: 'baseline' }), space('team', { audit: 'baseline' }))),
    ['pass', /^Every namespace of users \(2\)/],
    ['fail', /only warns/],
  ],
  [
    'a policy engine warns in words of its own, with the same sentence within',
    asked(pod(201, '', [`policy x: ${warningOf('baseline')}`])),
    ['fail', /without a warning/],
  ],
  [
    'pod security admission has warned, and a policy engine refuses after it',
    asked(pod(403, 'admission webhook "w.example.org" denied the request: no', [warningOf('baseline')])),
    ['pass', /mode warn is baseline/],
    ['abort', /^The admission webhook "w\.example\.org" refused a privileged pod/],
  ],

  [
    'the pod could not be tried, every namespace has a label',
    labels(list(space('default', enforced), space('team', { enforce: 'restricted' }))),
    ['pass', /^Every namespace of users \(2\)/],
  ],
  [
    'labels, and metrics forbidden: the wrong level shows that the plugin is on',
    labels({ ...list(space('default', enforced)), 'api-server-metrics': no }),
    ['pass', /^Every namespace of users \(1\)/],
  ],
  [
    'labels of mode warn and audit',
    labels(list(space('default', { warn: 'baseline' }), space('team', { audit: 'baseline' }))),
    ['pass', /\(2\) asks for/],
    ['abort', /Namespaces default, team carry no label that enforces/],
  ],
  [
    'labels without the plugin have no effect',
    labels({
      ...list(space('default', enforced)),
      'api-server-metrics': metrics({ admissionPlugins: [] }),
      'pod-security-admission': namespace(201),
    }),
    ['abort', /Pod security admission is off, so labels and defaults have no effect$/],
  ],
  [
    'labels, and nobody shows that the plugin is on',
    labels({ ...list(space('default', enforced)), ...unknownPlugin }),
    ['abort', /grant create pods in namespace default.*Grant get \/metrics or create namespaces/],
  ],
  ['one namespace without a label', labels(list(space('default', enforced), space('team'))), ['abort', /Namespace team carries no label/]],
  [
    'one namespace whose labels are not shown',
    labels(list(space('default', enforced), space('team', { enforce: undefined, warn: undefined, audit: undefined }))),
    ['abort', /The labels of 1 namespace are not shown: team/],
  ],
  ['a level that is none', labels(list(space('default', { enforce: 'privileged' }))), ['abort', /Namespace default carries no label/]],
  ['labels, and the list lacks kube-system', labels({ namespaces: [space('default', enforced)] }), ['abort', /lacks kube-system/]],
  ['labels, and the list lacks default', labels(list(space('team', enforced))), ['abort', /lacks default/]],
  ['labels, and the list lacks both', labels({ namespaces: [space('team', enforced)] }), ['abort', /lacks default, kube-system/]],
  ['an empty list', labels({ namespaces: [] }), ['abort', /is empty/]],
  ['no labels', labels(list(space('default'))), ['abort', /own defaults cannot be seen/]],
  ['everything forbidden', labels({ namespaces: no, ...unknownPlugin }), ['abort', /grant create pods.*grant list namespaces/]],
];

describe.each([
  ['pod-security-baseline', 2],
  ['pod-security-enforce', 3],
] as const)('%s', (id, column) => {
  test.each(cases)('%s', (...one) => {
    const [outcome, message] = one[column] ?? one[2];
    const seen = row(id, one[1]);
    expect([seen.outcome, seen.message]).toEqual([outcome, expect.stringMatching(message)]);
  });

  test('a hidden control plane is answered by behaviour', () => {
    expect(row(id, { ...hidden, 'pod-security-default': refused, 'pod-security-admission': levelRefused })).toMatchObject({
      outcome: 'pass',
      rung: 'behave',
    });
  });

  test('labels are read, not tried', () => {
    expect(row(id, labels(list(space('default', enforced)))).rung).toBe('read');
  });
});

const kyverno =
  'admission webhook "validate.kyverno.svc-fail" denied the request: policy baseline failed: It violates PodSecurity "baseline:latest": privileged';

/** What shows that pod security admission is off, with nothing that shows otherwise. */
const off: readonly (readonly [string, Facts])[] = [
  ['a level that does not exist is admitted', { ...unknownPlugin, 'pod-security-admission': namespace(201) }],
  [
    'others have handled writes, and PodSecurity has not',
    { ...unknownPlugin, 'api-server-metrics': metrics({ admissionPlugins: ['NamespaceLifecycle'] }) },
  ],
  [
    'an API server has the flag',
    { ...unknownPlugin, 'kube-apiserver-pods': [apiServer({ 'disable-admission-plugins': 'PodSecurity' }), apiServer()] },
  ],
  [
    'the API server that answered has the flag',
    { ...unknownPlugin, 'api-server-flagz': flagz({ 'disable-admission-plugins': '[PodSecurity]' }) },
  ],
];

describe.each(['pod-security-baseline', 'pod-security-enforce'])('%s: pod security admission is off', (id) => {
  const labelled = list(space('default', enforced), space('team', { enforce: 'restricted' }));
  const spaces: readonly (readonly [string, Facts])[] = [
    ['every namespace has a label', labelled],
    ['no namespace has a label', list(space('default'))],
    ['default is privileged by label', list(space('default', { enforce: 'privileged' }))],
    ['namespaces may not be listed', { namespaces: no }],
  ];
  describe.each(off)('%s', (_, facts) => {
    test.each(spaces)('%s, and a privileged pod is admitted', (__, more) => {
      expect(row(id, asked(admitted, { ...facts, ...more }))).toMatchObject({
        outcome: 'fail',
        message: 'Namespace "default" admits a privileged pod. Pod security admission is off, so labels and defaults have no effect',
      });
    });
    test('a policy engine refuses: it does not act by these labels, and the reader learns both', () => {
      const seen = row(id, asked(pod(403, kyverno), { ...facts, ...labelled }));
      expect([seen.outcome, seen.message]).toEqual([
        'abort',
        expect.stringMatching(/^The admission webhook "validate\.kyverno\.svc-fail" refused.*; Pod security admission is off/),
      ]);
    });
    test('no pod could be tried', () => {
      const seen = row(id, labels({ ...facts, ...labelled }));
      expect([seen.outcome, seen.message]).toEqual(['abort', expect.stringMatching(/Pod security admission is off/)]);
      expect(seen.message).not.toContain('nothing shows');
    });
  });

  test('what shows that it is on outweighs: of several API servers one may be set otherwise', () => {
    for (const [, facts] of off) expect(row(id, labels({ ...facts, 'api-server-metrics': metrics(), ...labelled })).outcome).toBe('pass');
  });
});

describe('what the second pod shows of the defaults', () => {
  const only = '"restricted:latest": allowPrivilegeEscalation != false';
  const warnedOf = pod(201, '', [`would violate PodSecurity ${only}`]);
  const refusedOf = pod(403, `pods "x" is forbidden: violates PodSecurity ${only}`);
  const second = (answer: unknown, privileged: unknown, ...spaces: readonly ReturnType<typeof space>[]): Facts =>
    asked(privileged, { ...list(...spaces), 'pod-security-restricted': answer });
  test.each<Case>([
    [
      'default enforces Baseline by its own label, and the cluster warns of Restricted',
      second(warnedOf, refused, space('default', enforced), space('team')),
      ['pass', /^Namespace "default" warns of a pod that Baseline admits: the cluster's default level in mode warn is restricted$/],
      ['abort', /refuses a privileged pod by its own label/],
    ],
    [
      'a policy engine refuses the privileged pod, and the cluster warns of Restricted',
      second(warnedOf, pod(403, kyverno), space('default')),
      ['pass', /default level in mode warn is restricted/],
      ['abort', /^The admission webhook/],
    ],
    [
      'default warns of Restricted by its own label',
      second(warnedOf, refused, space('default', { enforce: 'baseline', warn: 'restricted' }), space('team')),
      ['abort', /refuses a privileged pod by its own label/],
    ],
    [
      'the labels of default cannot be seen',
      second(warnedOf, refused, space('default', hiddenLabels)),
      ['abort', /its labels cannot be seen/],
    ],
    [
      'the cluster enforces Restricted',
      second(refusedOf, podRefused('restricted'), space('default')),
      ['pass', /mode enforce is restricted$/],
    ],
    [
      'even Baseline warns of the second pod: it is another pod',
      second(pod(201, '', [warningOf('baseline')]), refused, space('default', enforced), space('team')),
      ['abort', /by its own label/],
    ],
  ])('%s', (...[, facts, baseline, enforce]) => {
    for (const [id, [outcome, message]] of [
      ['pod-security-baseline', baseline],
      ['pod-security-enforce', enforce ?? baseline],
    ] as const) {
      const seen = row(id, facts);
      expect([seen.outcome, seen.message]).toEqual([outcome, expect.stringMatching(message)]);
    }
  });
});

/** Refusals by somebody else, as each of them words it: nothing is shown of pod security admission, and the reader learns who it was. */
const refusals: readonly (readonly [string, status: number, message: string, who: RegExp])[] = [
  ['Kyverno, in words of the standard', 403, kyverno, /^The admission webhook "validate\.kyverno\.svc-fail" refused/],
  [
    'Kyverno, as a bad request',
    400,
    'admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/default/x was blocked due to the following policies',
    /^The admission webhook "validate\.kyverno\.svc-fail" refused/,
  ],
  [
    'an engine that quotes the very sentence of the plugin',
    403,
    `admission webhook "w.example.org" denied the request: ${refused.message}`,
    /^The admission webhook "w\.example\.org" refused/,
  ],
  [
    'Gatekeeper',
    403,
    'admission webhook "validation.gatekeeper.sh" denied the request: [psp-privileged-container] Privileged container is not allowed: probe',
    /^The admission webhook "validation\.gatekeeper\.sh" refused/,
  ],
  [
    'GKE Autopilot',
    400,
    'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request',
    /^The admission webhook "warden-validating\.common-webhooks\.networking\.gke\.io" refused/,
  ],
  [
    'the webhook edition of pod security admission',
    403,
    'admission webhook "pod-security-webhook.kubernetes.io" denied the request: violates PodSecurity "baseline:latest": privileged',
    /^The admission webhook "pod-security-webhook\.kubernetes\.io" refused/,
  ],
  [
    'a webhook that says conflict',
    409,
    'admission webhook "w.example.org" denied the request: pods "x" already exists',
    /^The admission webhook "w\.example\.org" refused/,
  ],
  [
    'a ValidatingAdmissionPolicy',
    422,
    "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
    /^The ValidatingAdmissionPolicy "p" refused/,
  ],
  [
    'OpenShift',
    403,
    'pods "x" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user]',
    /^The SecurityContextConstraints of the cluster refused/,
  ],
  [
    'Kubernetes before 1.25',
    403,
    'pods "x" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.privileged: Invalid value: true]',
    /^A PodSecurityPolicy refused/,
  ],
  ['a quota', 403, 'pods "x" is forbidden: exceeded quota: q, requested: pods=1', /^The ResourceQuota "q" refused/],
  ['a quota that wants limits', 403, 'pods "x" is forbidden: failed quota: q: must specify cpu', /^The ResourceQuota "q" refused/],
  ['a limit range', 403, 'pods "x" is forbidden: minimum memory usage per Container is 32Mi, but request is 16Mi', /^A LimitRange refused/],
  [
    'an image policy',
    403,
    'pods "x" is forbidden: image policy webhook backend denied one or more images: no',
    /ImagePolicyWebhook refused/,
  ],
  [
    'nobody that is known',
    403,
    'pods "x" is forbidden: because of reasons',
    /^Something unknown refused .*: 403 pods "x" is forbidden: because of reasons/,
  ],
  [
    'a webhook without dry run',
    400,
    noDryRun,
    /^The admission webhook "aks-webhook-admission-controller\.azmk8s\.io" takes no dry run, so .* cannot be tried/,
  ],
];

describe.each([
  ['pod-security-baseline', 'pod-security-default'],
  ['pod-security-enforce', 'pod-security-default'],
  ['pod-security-restricted', 'pod-security-restricted'],
])('%s: refused by somebody else', (id, fact) => {
  test.each(refusals)('%s', (_, status, refusal, who) => {
    const { outcome, message } = row(id, { ...kubeadm, [fact]: pod(status, refusal) });
    expect([outcome, message]).toEqual(['abort', expect.stringMatching(who)]);
    expect(message).not.toMatch(/something else/);
  });
});

describe('pod-security-restricted', () => {
  const only = (level: string): string =>
    `"${level}:latest": allowPrivilegeEscalation != false (container "probe" must set securityContext.allowPrivilegeEscalation=false)`;
  const refusedBy = (level: string) => pod(403, `pods "scs-kaas-probe-x" is forbidden: violates PodSecurity ${only(level)}`);
  const seen = (answer: unknown): Facts => ({ ...kubeadm, 'pod-security-restricted': answer });
  test.each<[string, Facts, string, RegExp]>([
    ['refused', seen(refusedBy('restricted')), 'pass', /refuses a pod that Baseline admits/],
    ['warned of', seen(pod(201, '', [`would violate PodSecurity ${only('restricted')}`])), 'pass', /warns of a pod that Baseline admits/],
    ['admitted', seen(pod(201)), 'not-applicable', /^Option not used/],
    [
      'a warning of a lower level',
      seen(pod(201, '', [`would violate PodSecurity ${only('baseline')}`])),
      'not-applicable',
      /^Option not used/,
    ],
    ['refused even by Baseline: it is another pod', seen(refusedBy('baseline')), 'abort', /Something changed the pod/],
    ['not to be asked', seen(no), 'abort', /grant create pods in namespace default/],
    ['a snapshot without it', { ...kubeadm, 'pod-security-restricted': undefined }, 'abort', /pod-security-restricted/],
  ])('%s', (_, facts, outcome, message) => {
    const { 'pod-security-restricted': answer, ...rest } = facts;
    const one = row('pod-security-restricted', answer === undefined ? rest : facts);
    expect([one.outcome, one.message]).toEqual([outcome, expect.stringMatching(message)]);
  });
});
