import { permissionRoles, type Fact, type Permission } from '../model/fact.js';
import { permissionKey } from '../model/permission.js';
import type { Standard } from '../model/requirement.js';

/** The names of the roles, by what they allow. */
const roleNames = { read: 'scs-kaas-read', ask: 'scs-kaas-ask', act: 'scs-kaas-act', run: 'scs-kaas-run' } as const;

/** The service account that the manifest binds the roles to. */
const account = { name: 'scs-kaas', namespace: 'scs-kaas' };

/** Every fact that the standards name, each once, in the order of their first use. */
export const factsOf = (standards: readonly Standard[]): readonly Fact<unknown>[] => {
  const facts = new Map<string, Fact<unknown>>();
  for (const standard of standards)
    for (const requirement of standard.requirements)
      for (const rung of requirement.ladder) for (const fact of [...rung.facts, ...(rung.beside ?? [])]) facts.set(fact.name, fact);
  return [...facts.values()];
};

/** Every permission that the facts take, each once in each role: a role that is granted alone holds all that it is for. */
export const permissionsOf = (facts: readonly Fact<unknown>[]): readonly Permission[] => [
  ...new Map(facts.flatMap((fact) => fact.permissions.map((p) => [`${p.role} ${permissionKey(p)}`, p] as const))).values(),
];

const yamlList = (words: readonly string[]): string => `[${words.map((w) => JSON.stringify(w)).join(', ')}]`;

const rule = (p: Permission): readonly string[] => [
  `  # ${p.why}`,
  ...(p.url === undefined
    ? [
        `  - apiGroups: ${yamlList([p.group ?? ''])}`,
        `    resources: ${yamlList([p.resource ?? ''])}`,
        ...(p.names === undefined ? [] : [`    resourceNames: ${yamlList(p.names)}`]),
      ]
    : [`  - nonResourceURLs: ${yamlList([p.url])}`]),
  `    verbs: ${yamlList([p.verb])}`,
];

const roleManifest = (name: string, permissions: readonly Permission[], namespace?: string): readonly string[] => {
  if (permissions.length === 0) return [];
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const objectOf = (of: string): readonly string[] => [
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${of}`,
    `metadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }`,
  ];
  return [
    ...objectOf(kind),
    'rules:',
    ...permissions.flatMap(rule),
    ...objectOf(`${kind}Binding`),
    `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name} }`,
    `subjects: [{ kind: ServiceAccount, name: ${account.name}, namespace: ${account.namespace} }]`,
  ];
};

const heading: Record<Permission['role'], readonly string[]> = {
  read: [`# ${roleNames.read}: only looks.`],
  ask: [
    `# ${roleNames.ask}: lets the API server show a behaviour. Nothing is stored (dry run, access review, impersonation of a node`,
    '# that does not exist), but the API server wants the real right even for a dry run. Leave it out, and what it would settle is reported as abort.',
  ],
  act: [
    `# ${roleNames.act}: makes short-lived objects of our own and removes them (tier active). Their namespaces are made for each run and have`,
    '# new names, so these rights cannot be narrowed to them: who holds them can do the same in every namespace. The light tier needs none of them.',
  ],
  run: [
    `# ${roleNames.run}: starts the upstream end-to-end tests (tier heavy). They work as an administrator of the cluster, and nobody may grant them`,
    '# more than what he holds himself: this is the right to do everything. No other tier needs it.',
  ],
};

/**
 * The manifest that grants permissions to a service account of our own.
 * @param permissions of any of the roles; one in a namespace becomes a Role there, every other one part of a ClusterRole
 * @returns YAML, the same for the same permissions
 */
export const formatManifest = (permissions: readonly Permission[]): string => {
  const blocks = permissionRoles.flatMap((which) => {
    const some = permissions.filter((p) => p.role === which);
    const namespaces = [...new Set(some.map((p) => p.namespace).filter((n) => n !== undefined))].sort();
    const roles = [undefined, ...namespaces].flatMap((namespace) =>
      roleManifest(
        roleNames[which],
        some.filter((p) => p.namespace === namespace),
        namespace,
      ),
    );
    return some.length === 0 ? [] : [...heading[which], ...roles];
  });
  const owner = [
    'apiVersion: v1',
    'kind: Namespace',
    `metadata: { name: ${account.namespace} }`,
    '---',
    'apiVersion: v1',
    'kind: ServiceAccount',
    `metadata: { name: ${account.name}, namespace: ${account.namespace} }`,
  ];
  return `${[...owner, ...blocks].join('\n')}\n`;
};
