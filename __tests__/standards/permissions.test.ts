import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Permission } from '../../src/model/fact.js';
import * as z from 'zod/mini';
import { defineFact } from '../../src/model/fact.js';
import { permissionsOf, formatManifest } from '../../src/standards/permissions.js';

const permissions: readonly Permission[] = [
  { role: 'read', verb: 'list', group: '', resource: 'nodes', why: 'labels' },
  { role: 'read', verb: 'get', url: '/metrics', why: 'counts' },
  { role: 'read', verb: 'list', group: '', resource: 'pods', namespace: 'kube-system', why: 'flags' },
  { role: 'ask', verb: 'impersonate', group: '', resource: 'users', names: ['system:node:scs-probe'], why: 'node restriction' },
  { role: 'ask', verb: 'create', group: '', resource: 'pods', namespace: 'default', why: 'dry run' },
];

test('two roles, with a role of a namespace where that is enough', () => {
  const objects = parseAllDocuments(formatManifest(permissions)).map(
    (d) => d.toJS() as { kind: string; metadata: { name: string; namespace?: string }; rules?: unknown[] },
  );
  expect(objects.map((o) => `${o.kind} ${o.metadata.namespace ?? '-'}/${o.metadata.name}`)).toEqual([
    'Namespace -/scs-kaas',
    'ServiceAccount scs-kaas/scs-kaas',
    'ClusterRole -/scs-kaas-read',
    'ClusterRoleBinding -/scs-kaas-read',
    'Role kube-system/scs-kaas-read',
    'RoleBinding kube-system/scs-kaas-read',
    'ClusterRole -/scs-kaas-ask',
    'ClusterRoleBinding -/scs-kaas-ask',
    'Role default/scs-kaas-ask',
    'RoleBinding default/scs-kaas-ask',
  ]);
  expect(objects[2]?.rules).toEqual([
    { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
    { nonResourceURLs: ['/metrics'], verbs: ['get'] },
  ]);
  expect(objects[6]?.rules).toEqual([
    { apiGroups: [''], resources: ['users'], resourceNames: ['system:node:scs-probe'], verbs: ['impersonate'] },
  ]);
});

const acting: readonly Permission[] = [
  { role: 'act', verb: 'create', group: '', resource: 'namespaces', why: 'namespaces of our own' },
  { role: 'act', verb: 'create', group: 'networking.k8s.io', resource: 'networkpolicies', why: 'the policies under test' },
];

test('three roles where the run acts, the strongest last, each bound to the same account', () => {
  const objects = parseAllDocuments(formatManifest([...acting, ...permissions])).map(
    (d) => d.toJS() as { kind: string; metadata: { name: string }; subjects?: unknown },
  );
  expect(objects.filter((o) => o.kind === 'ClusterRole').map((o) => o.metadata.name)).toEqual([
    'scs-kaas-read',
    'scs-kaas-ask',
    'scs-kaas-act',
  ]);
  const binding = objects.at(-1);
  expect(binding).toMatchObject({
    kind: 'ClusterRoleBinding',
    metadata: { name: 'scs-kaas-act' },
    subjects: [{ kind: 'ServiceAccount', name: 'scs-kaas', namespace: 'scs-kaas' }],
  });
  expect(formatManifest([...permissions, ...acting])).toContain('who holds them can do the same in every namespace');
});

test('a right of two roles stands in both, so that each can be granted alone', () => {
  const fact = (name: string, some: readonly Permission[]) =>
    defineFact({ name, schema: z.string(), permissions: some, collect: () => Promise.resolve('') });
  const asked: Permission = { role: 'ask', verb: 'create', group: '', resource: 'namespaces', why: 'a dry run' };
  const all = permissionsOf([fact('a', acting), fact('b', [asked]), fact('c', acting)]);
  expect(all).toEqual([...acting, asked]);
  expect(formatManifest(all.filter((p) => p.role === 'act'))).toContain(
    '# namespaces of our own\n  - apiGroups: [""]\n    resources: ["namespaces"]',
  );
});

test('the reading role alone asks for nothing of the other', () => {
  const text = formatManifest(permissions.filter((p) => p.role === 'read'));
  expect(text).not.toContain('scs-kaas-ask');
  expect(text).not.toContain('create');
});
