import type * as z from 'zod/mini';
import { NotAvailable } from '../../model/errors.js';
import type { Permission, Ports } from '../../model/fact.js';
import { actRight } from '../../model/permission.js';

/** What making, watching and removing namespaces of our own takes. */
export const sandboxPermissions: readonly Permission[] = [
  actRight('create', '', 'namespaces', 'namespaces of our own, with new names, for everything that is made'),
  actRight('get', '', 'namespaces', 'whether they are there, and gone again'),
  actRight('list', '', 'namespaces', 'finding what earlier runs may have left, by its label'),
  actRight('patch', '', 'namespaces', 'renewing the deadline of a namespace of ours, and changing its labels for the policy matrix'),
  actRight('delete', '', 'namespaces', 'removing them with all that is in them'),
  actRight('create', '', 'pods', 'short-lived pods that probe and answer'),
  actRight('list', '', 'pods', 'how these pods are'),
];

/**
 * Runs the probe that a fact of the tier `active` is for.
 * @param probe its name, which is the fact's own
 * @throws {NotAvailable} where the run may not act, or the probe could not
 */
export const acted = async <T>({ act, fact }: Ports, probe: string, schema: z.ZodMiniType<T>): Promise<T> => {
  if (act === undefined) throw new NotAvailable('not-recorded', `${probe}: this run does not act in the cluster`);
  const parsed = schema.safeParse(await act(probe, fact));
  if (parsed.success) return parsed.data;
  throw new NotAvailable('malformed', `${probe}: the probe answered in another shape than its fact has; please report this`, {
    cause: parsed.error,
  });
};
