import type { Permission, PermissionRole } from './fact.js';

/** One permission in words: `list nodes`, `create pods in namespace default`, `get /metrics`. */
export const permissionText = (p: Permission): string => {
  const what = p.url ?? `${p.resource ?? ''}${p.group ? `.${p.group}` : ''}`;
  return `${p.verb} ${what}${p.names ? ` (${p.names.join(', ')})` : ''}${p.namespace ? ` in namespace ${p.namespace}` : ''}`;
};

/** Two permissions are the same right when their keys are equal. */
export const permissionKey = (p: Permission): string => permissionText(p);

/** Rights of one role. @param only the names or the namespace that the right is narrowed to */
const rightsOf =
  (role: PermissionRole) =>
  (verb: string, group: string, resource: string, why: string, only: Pick<Permission, 'names' | 'namespace'> = {}): Permission => ({
    role,
    verb,
    group,
    resource,
    ...only,
    why,
  });
export const readRight = rightsOf('read');
export const askRight = rightsOf('ask');
export const actRight = rightsOf('act');
