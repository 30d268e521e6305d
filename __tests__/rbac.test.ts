import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Permission } from '../src/model/fact.js';
import { toManifest } from '../src/rbac.js';

const permissions: readonly Permission[] = [
  { role: 'read', verb: 'list', group: '', resource: 'nodes', why: 'labels' },
  { role: 'read', verb: 'get', url: '/metrics', why: 'counts' },
  { role: 'read', verb: 'list', group: '', resource: 'pods', namespace: 'kube-system', why: 'flags' },
  { role: 'ask', verb: 'impersonate', group: '', resource: 'users', names: ['system:node:scs-probe'], why: 'node restriction' },
  { role: 'ask', verb: 'create', group: '', resource: 'pods', namespace: 'default', why: 'dry run' },
];

test('two roles, with a role of a namespace where that is enough', () => {
  const objects = parseAllDocuments(toManifest(permissions)).map(
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

test('the reading role alone asks for nothing of the other', () => {
  const text = toManifest(permissions.filter((p) => p.role === 'read'));
  expect(text).not.toContain('scs-kaas-ask');
  expect(text).not.toContain('create');
});
