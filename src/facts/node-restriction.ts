import type { V1Node } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact, type Ports } from '../model/fact.js';
import { askRight } from '../model/permission.js';
import type { Api, ApiRequest, ApiResponse } from '../model/ports.js';
import { nodes } from './nodes.js';
import { formatRequest, parseBody, refusal, statusMessage } from '../kubernetes/answers.js';
import { dryRunPermissions, labelPrefix, labelValue, probeName } from '../kubernetes/dry-run-objects.js';
import { assertAccepted, isAuthorizerRefusal } from '../kubernetes/dry-run.js';
import { selfReview } from '../kubernetes/self-review.js';

/** A kubelet's identity that no node has; it need not exist. */
export const probeNode = 'scs-probe';
const probeUser = `system:node:${probeNode}`;
const probeGroup = 'system:nodes';
const identity = { 'impersonate-user': probeUser, 'impersonate-group': probeGroup };

const schema = z.object({
  /** The node that was to be labelled by another node's identity. */
  node: z.string(),
  /** Of the PATCH, as a dry run. */
  status: z.number(),
  /** The API server's words on a refusal. */
  message: z.string(),
  /** Whether the API server took us for the other node: a proxy in front may drop the impersonation, and then we were asked, not the plugin. */
  impersonated: z.boolean(),
  /** Who keeps the node in the place of a machine and may answer for it, e.g. `vCluster`; absent for an ordinary node, and in older snapshots. */
  standIn: z.optional(z.string()),
});
export type NodeRestriction = z.infer<typeof schema>;

/** Asks as whom the API server sees these requests. A refusal that names the other node is as good as an answer. */
const isImpersonated = async (api: Api): Promise<boolean> => {
  try {
    const { username, groups } = await selfReview(api, { headers: identity });
    // API servers list the groups; a proxy that lets only one of the headers pass would make the other node a mere user.
    return username === probeUser && (groups.length === 0 || groups.includes(probeGroup));
  } catch (error) {
    if (error instanceof NotAvailable && error.reason === 'forbidden') return error.message.includes(`User "${probeUser}" cannot `);
    throw error;
  }
};

const patched = ofKind<V1Node>()(z.object({ metadata: z.object({ labels: z.optional(z.nullable(z.record(z.string(), z.string()))) }) }));

/**
 * What was let in holds the label that was sent, as the API server would have stored it. An answer without it is another program's, e.g. that of the
 * syncer of a virtual cluster, which answers for nodes that it keeps itself.
 * @returns who keeps the node, where its labels say so
 * @throws {NotAvailable} where the label is not in it
 */
const readPatched = (request: ApiRequest, response: ApiResponse): string | undefined => {
  const labels = Object.entries(parseBody(request, response, patched).metadata.labels ?? {});
  if (!labels.some(([key, value]) => key.startsWith(labelPrefix) && value === labelValue))
    throw new NotAvailable(
      'malformed',
      `${formatRequest(request)}: ${response.status}, but the answer does not hold the label that was sent`,
    );
  return labels.some(([key]) => key.startsWith('vcluster.loft.sh/')) ? 'vCluster' : undefined;
};

/** A raw PATCH: `kubectl patch` reads first, and that read is refused by the Node authorizer whether the plugin is on or not. */
const patchAs = async ({ api, dryRuns }: Pick<Ports, 'api' | 'dryRuns'>, node: string): Promise<NodeRestriction | undefined> => {
  const request: ApiRequest = { method: 'PATCH', path: `/api/v1/nodes/${encodeURIComponent(node)}` };
  const response = await dryRuns.label('/api/v1/nodes', node, probeName(), identity);
  const message = response.status >= 400 ? statusMessage(response) : '';
  // The node went away since it was listed.
  if (response.status === 404) return undefined;
  // Words about the other node's rights, not ours: the authorizer let the impersonation pass and refused the PATCH.
  const byOther = message.includes(`User "${probeUser}" cannot `);
  if (response.status === 403) {
    if (isAuthorizerRefusal(message) && !byOther) throw refusal(request, response);
    return { node, status: 403, message, impersonated: byOther || message.includes(`node "${probeNode}"`) };
  }
  if (response.status === 200) {
    assertAccepted(request, response, 'Node', (name) => name === node);
    const standIn = readPatched(request, response);
    return { node, status: 200, message: '', impersonated: await isImpersonated(api), standIn };
  }
  if (response.status >= 400 && response.status < 500 && response.status !== 401 && response.status !== 429)
    return { node, status: response.status, message, impersonated: false };
  throw refusal(request, response);
};

/** How many nodes are tried where those that were listed are gone. */
const maxTries = 3;

/**
 * Whether one node's identity may change another node (admission plugin NodeRestriction): asked by impersonation, as a dry run.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 * @throws {NotAvailable} without the right to impersonate, or without any node to try on
 */
export const nodeRestriction = defineFact({
  name: 'node-restriction',
  schema,
  permissions: [
    ...nodes.permissions,
    ...dryRunPermissions,
    askRight('impersonate', '', 'users', 'asks as a node that does not exist whether it may label another node, as a dry run', {
      names: [probeUser],
    }),
    askRight('impersonate', '', 'groups', 'the group of that node: the API server takes it for a kubelet', { names: [probeGroup] }),
  ],
  collect: async ({ api, dryRuns, fact }) => {
    const all = (await fact(nodes)).filter((node) => node.name !== probeNode);
    const candidates = [...all.filter((node) => node.ready), ...all.filter((node) => !node.ready)].slice(0, maxTries);
    if (candidates.length === 0) throw new NotAvailable('not-found', 'the cluster shows no node to try on');
    // Without it the PATCH would be one with our own rights.
    if (!(await isImpersonated(api)))
      throw new NotAvailable(
        'refused',
        `the API server did not take a request for one of ${probeUser}: something in between drops its headers`,
      );
    for (const { name } of candidates) {
      const answer = await patchAs({ api, dryRuns }, name);
      if (answer !== undefined) return answer;
    }
    const first: ApiRequest = { method: 'PATCH', path: `/api/v1/nodes/${candidates[0]?.name ?? ''}` };
    throw new NotAvailable('not-found', `${formatRequest(first)}: 404, and so were ${candidates.length} nodes that had just been listed`);
  },
});
