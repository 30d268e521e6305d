import { describe, expect, test } from '@jest/globals';
import { namespaces } from '../../src/facts/namespaces.js';
import { podSecurityAdmission } from '../../src/facts/pod-security-admission.js';
import { podSecurityDefault } from '../../src/facts/pod-security-default.js';
import { parseWarnings } from '../../src/facts/support/dry-run.js';
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
  test.each([podSecurityAdmission, podSecurityDefault])('$name: one POST with dryRun=All', async (fact) => {
    const { ports, asked } = asking(letIn);
    await fact.collect(ports);
    expect(asked.map((r) => [r.method, r.path.split('?')[1]])).toEqual([['POST', 'dryRun=All']]);
  });

  describe.each([podSecurityAdmission, podSecurityDefault])('$name: what lets nothing in', (fact) => {
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
      'a sidecar alone that is privileged',
      podSecurityDefault,
      { spec: { containers: [{ name: 'sidecar', securityContext: { privileged: true } }, { name: 'probe' }] } },
    ],
  ])('let in after a webhook changed it: %s', async (_title, fact, changed) => {
    const { ports } = asking((request) => ({ status: 201, body: { ...(request.body as object), ...changed } }));
    expect(await outcomeOf(fact, ports)).toMatchObject({
      unavailable: 'malformed',
      detail: expect.stringContaining('changed what was sent'),
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

  test.each([podSecurityAdmission, podSecurityDefault])('$name: the right is asked for, never only read', (fact) => {
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

test('namespaces: the label counts, the annotation of the same name does not', async () => {
  const key = 'pod-security.kubernetes.io/enforce';
  const items = [
    { metadata: { name: 'b', annotations: { [key]: 'restricted' } } },
    { metadata: { name: 'a', labels: { [key]: 'baseline', team: 'x' } } },
  ];
  const { ports } = asking(() => ({ status: 200, body: { kind: 'NamespaceList', metadata: {}, items } }));
  expect(await namespaces.collect(ports)).toEqual([
    { name: 'a', enforce: 'baseline' },
    { name: 'b', enforce: null },
  ]);
});

test('namespaces: the UID of kube-system, by which the cluster is known, and of no other one', async () => {
  const named = (name: string, uid?: string): object => ({ metadata: { name, ...(uid === undefined ? {} : { uid }) } });
  const seen = (...items: readonly object[]) =>
    namespaces.collect(asking(() => ({ status: 200, body: { kind: 'NamespaceList', metadata: {}, items } })).ports);
  expect(await seen(named('kube-system', 'u-1'), named('default', 'u-2'))).toEqual([
    { name: 'default', enforce: null },
    { name: 'kube-system', enforce: null, uid: 'u-1' },
  ]);
  expect(await seen(named('kube-system'))).toEqual([{ name: 'kube-system', enforce: null }]);
});
