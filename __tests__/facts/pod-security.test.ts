import { describe, expect, test } from '@jest/globals';
import { namespaces } from '../../src/facts/namespaces.js';
import { podSecurityAdmission } from '../../src/facts/pod-security-admission.js';
import { podSecurityDefault } from '../../src/facts/pod-security-default.js';
import { podSecurityRestricted } from '../../src/facts/pod-security-restricted.js';
import { parseWarnings } from '../../src/kubernetes/dry-run.js';
import type { Fact } from '../../src/model/fact.js';
import type { ApiRequest } from '../../src/model/ports.js';
import { asking, cannot, outcomeOf, refusal, type Said } from '../helpers/asked.js';

/** As a recording holds it: names are random. */
const name = 'scs-kaas-probe-1f0c2a3b4d5e';
const field = 'metadata.labels[pod-security.kubernetes.io/enforce]';
const wrongLevel = 'Invalid value: "scs-kaas-no-such-level": must be one of privileged, baseline, restricted';
const invalid = refusal(422, 'Invalid', `Namespace "scs-kaas-probe-dry-run" is invalid: ${field}: ${wrongLevel}`, {
  kind: 'Namespace',
  causes: [{ reason: 'FieldValueInvalid', message: wrongLevel, field }],
});
const quota = refusal(
  403,
  'Forbidden',
  'pods "scs-kaas-probe-dry-run" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
);

/** The API server answers with the object as it would have been stored. */
const letIn = (request: ApiRequest): Said => ({ status: 201, body: { ...(request.body as object), status: {} } });

describe('a write that is not stored', () => {
  test.each([podSecurityAdmission, podSecurityDefault, podSecurityRestricted])('$name: one POST with dryRun=All', async (fact) => {
    const { ports, asked } = asking(letIn);
    await fact.collect(ports);
    expect(asked.map((r) => [r.method, r.path.split('?')[1]])).toEqual([['POST', 'dryRun=All']]);
  });

  describe.each([podSecurityAdmission, podSecurityDefault, podSecurityRestricted])('$name: what lets nothing in', (fact) => {
    test.each<[string, Said]>([
      ['201 with another object', { status: 201, body: { kind: 'Secret', metadata: { name: 'scs-kaas-probe-dry-run' } } }],
      ['201 with an object of another name', { status: 201, body: { kind: 'Namespace', metadata: { name: 'x' } } }],
      ['201 with an empty object', { status: 201, body: {} }],
      ['200 with a page', { status: 200, body: '<html></html>' }],
      ['a redirect', { status: 302, body: '' }],
    ])('%s', async (_title, said) => {
      const { ports } = asking(() => said);
      expect(await outcomeOf(fact, ports)).toMatchObject({ unavailable: expect.stringMatching(/^(malformed|refused)$/) });
    });
  });

  // A mutating webhook mends what should have been refused: that it is let in then says nothing of who would refuse it.
  test.each<[string, Fact<unknown>, object]>([
    [
      'a level that was replaced',
      podSecurityAdmission,
      { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
    ],
    ['a label that was taken away', podSecurityAdmission, { metadata: { name } }],
    [
      'a pod that is not privileged any more',
      podSecurityDefault,
      { spec: { containers: [{ name: 'probe', securityContext: { privileged: false } }] } },
    ],
    [
      'a pod that may not escalate any more',
      podSecurityRestricted,
      { spec: { containers: [{ name: 'probe', securityContext: { allowPrivilegeEscalation: false } }] } },
    ],
    [
      'a sidecar alone that may escalate',
      podSecurityRestricted,
      { spec: { containers: [{ name: 'sidecar' }, { name: 'probe', securityContext: { allowPrivilegeEscalation: false } }] } },
    ],
    ['a pod without containers', podSecurityRestricted, { spec: {} }],
    [
      'a sidecar alone that is privileged',
      podSecurityDefault,
      { spec: { containers: [{ name: 'sidecar', securityContext: { privileged: true } }, { name: 'probe' }] } },
    ],
  ])('let in after a webhook changed it: %s', async (_title, fact, changed) => {
    const { ports } = asking((request) => ({ status: 201, body: { ...(request.body as object), ...changed } }));
    expect(await outcomeOf(fact, ports)).toMatchObject({
      unavailable: 'malformed',
      detail: expect.stringContaining('an admission webhook changed what was sent'),
    });
  });

  test('let in beside a sidecar and with the image of a mirror', async () => {
    const containers = [
      { name: 'sidecar' },
      { name: 'probe', image: 'mirror/pause', securityContext: { privileged: true, procMount: 'Default' } },
    ];
    const { ports } = asking((request) => ({ status: 201, body: { ...(request.body as object), spec: { containers } } }));
    expect(await podSecurityDefault.collect(ports)).toMatchObject({ status: 201 });
  });

  test.each([podSecurityAdmission, podSecurityDefault, podSecurityRestricted])('$name: the right is asked for, never only read', (fact) => {
    expect(new Set(fact.permissions.map((p) => p.role))).toEqual(new Set(['ask']));
  });
});

test('a level that does not exist is refused: the field is kept', async () => {
  const { ports } = asking(() => invalid);
  expect(await podSecurityAdmission.collect(ports)).toMatchObject({
    status: 422,
    fields: [field],
    message: expect.stringContaining('must be one of'),
  });
});

describe('the privileged pod', () => {
  test('breaks the level by one thing, and names resources for limit ranges and quotas', async () => {
    const { ports, asked } = asking(letIn);
    await podSecurityDefault.collect(ports);
    expect(asked[0]?.body).toMatchObject({
      spec: {
        containers: [{ securityContext: { privileged: true }, resources: { requests: { cpu: '10m' }, limits: { memory: '16Mi' } } }],
      },
    });
  });

  test('let in with a warning', async () => {
    const warning =
      '299 - "would violate PodSecurity \\"baseline:latest\\": privileged (container \\"probe\\" must not set securityContext.privileged=true)"';
    const { ports } = asking((request) => ({ ...letIn(request), headers: { warning } }));
    const seen = await podSecurityDefault.collect(ports);
    expect(seen.warnings).toEqual([
      'would violate PodSecurity "baseline:latest": privileged (container "probe" must not set securityContext.privileged=true)',
    ]);
  });

  test('refused by a quota: an answer, with its words', async () => {
    const { ports } = asking(() => quota);
    expect(await podSecurityDefault.collect(ports)).toMatchObject({
      status: 403,
      message: expect.stringContaining('exceeded quota'),
    });
  });

  test.each([
    ['without the right', cannot('create', 'pods'), 'forbidden'],
    [
      'without the right, on a cluster where ABAC has the last word',
      refusal(
        403,
        'Forbidden',
        'pods is forbidden: User "a" cannot create resource "pods" in API group "" in the namespace "default": No policy matched.',
      ),
      'forbidden',
    ],
    ['without a login', refusal(401, 'Unauthorized', 'Unauthorized'), 'unauthorized'],
    ['without the namespace', refusal(404, 'NotFound', 'namespaces "default" not found'), 'not-found'],
    ['a webhook fails', refusal(500, 'InternalError', 'failed calling webhook'), 'server-error'],
  ])('%s: not to be had', async (_, said, reason) => {
    const { ports } = asking(() => said);
    expect(await outcomeOf(podSecurityDefault, ports)).toMatchObject({ unavailable: reason });
  });
});

describe('the pod that only Restricted refuses', () => {
  test('breaks Restricted by one thing, and Baseline by none', async () => {
    const { ports, asked } = asking(letIn);
    await podSecurityRestricted.collect(ports);
    const body = asked[0]?.body as { readonly spec: { readonly containers: readonly { readonly securityContext: object }[] } };
    expect(body.spec.containers.map((container) => container.securityContext)).toEqual([
      {
        allowPrivilegeEscalation: true,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        runAsUser: 65_534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    ]);
    expect(body.spec).not.toHaveProperty('hostNetwork');
    expect(body.spec).not.toHaveProperty('volumes');
  });

  test('admitted with a warning, with its words', async () => {
    const warning = '299 - "would violate PodSecurity \\"restricted:latest\\": allowPrivilegeEscalation != false"';
    const { ports } = asking((request) => ({ ...letIn(request), headers: { warning } }));
    expect(await podSecurityRestricted.collect(ports)).toMatchObject({
      status: 201,
      warnings: ['would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false'],
    });
  });

  test('admitted as it was sent, without a word: shown as such', async () => {
    const { ports } = asking(letIn);
    expect(await podSecurityRestricted.collect(ports)).toMatchObject({ status: 201, message: '', warnings: [] });
  });

  test('without the right: not to be had', async () => {
    const { ports } = asking(() => cannot('create', 'pods'));
    expect(await outcomeOf(podSecurityRestricted, ports)).toMatchObject({ unavailable: 'forbidden' });
  });
});

describe('warnings', () => {
  test.each([
    ['none', undefined, []],
    ['two in one header', '299 - "first", 299 - "second, with a comma"', ['first', 'second, with a comma']],
    ['what is no warning', 'garbage "x"', []],
  ])('%s', (_, header, texts) => {
    expect(parseWarnings(header)).toEqual(texts);
  });

  test('a flood of them is cut', () => {
    expect(parseWarnings('299 - "x", '.repeat(1_000))).toHaveLength(10);
  });
});

describe('namespaces', () => {
  const key = (mode: string): string => `pod-security.kubernetes.io/${mode}`;
  const seen = (...items: readonly object[]) =>
    namespaces.collect(asking(() => ({ status: 200, body: { kind: 'NamespaceList', metadata: {}, items } })).ports);
  const named = (name: string, labels: object = {}, more: object = {}): object => ({
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels }, ...more },
  });
  const none = { enforce: null, warn: null, audit: null };

  test('labels count in each mode, annotations of the same name do not; sorted by name', async () => {
    expect(
      await seen(
        named('b', {}, { annotations: { [key('enforce')]: 'restricted', [key('warn')]: 'restricted' } }),
        named('a', { [key('enforce')]: 'baseline', team: 'x' }),
        named('c', { [key('warn')]: 'restricted', [key('audit')]: 'baseline', [key('enforce-version')]: 'latest' }),
      ),
    ).toEqual([
      { name: 'a', ...none, enforce: 'baseline' },
      { name: 'b', ...none },
      { name: 'c', enforce: null, warn: 'restricted', audit: 'baseline' },
    ]);
  });

  // The API server puts its own label on every namespace: where that is gone, others may be gone too.
  test.each<[string, unknown]>([
    ['no labels at all', undefined],
    ['labels that are null', null],
    ['no labels but of users', { team: 'x' }],
    ['the name of another namespace', { 'kubernetes.io/metadata.name': 'b' }],
  ])('%s: levels are not known', async (_, labels) => {
    expect(await seen({ metadata: { name: 'a', labels } })).toEqual([{ name: 'a' }]);
  });

  test('a level that is shown is known, whatever else is not', async () => {
    expect(await seen({ metadata: { name: 'a', labels: { [key('warn')]: 'baseline' } } })).toEqual([{ name: 'a', warn: 'baseline' }]);
  });

  test('the UID of kube-system, by which the cluster is known, and of no other one', async () => {
    expect(await seen(named('kube-system', {}, { uid: 'u-1' }), named('default', {}, { uid: 'u-2' }))).toEqual([
      { name: 'default', ...none },
      { name: 'kube-system', ...none, uid: 'u-1' },
    ]);
    expect(await seen(named('kube-system'))).toEqual([{ name: 'kube-system', ...none }]);
  });

  test('what an older snapshot holds is read', () => {
    expect(
      namespaces.schema.safeParse([
        { name: 'a', enforce: null },
        { name: 'b', enforce: 'baseline' },
      ]).success,
    ).toBe(true);
  });
});
