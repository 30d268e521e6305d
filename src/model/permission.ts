import type { Permission } from './fact.js';

/** One permission in words: `list nodes`, `create pods in namespace default`, `get /metrics`. */
export const permissionText = (p: Permission): string => {
  const what = p.url ?? `${p.resource ?? ''}${p.group ? `.${p.group}` : ''}`;
  return `${p.verb} ${what}${p.names ? ` (${p.names.join(', ')})` : ''}${p.namespace ? ` in namespace ${p.namespace}` : ''}`;
};

/** Two permissions are the same right when their keys are equal. */
export const permissionKey = (p: Permission): string => permissionText(p);
