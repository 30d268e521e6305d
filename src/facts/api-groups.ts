import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import type { Api } from '../model/ports.js';
import { ask, parseBody, refusal } from '../kubernetes/answers.js';
import { allOf } from './support/all-of.js';
import { bounded } from '../text/bounded.js';

/** API groups that any standard or the description asks for; no other one leaves the cluster. */
const judgedGroups = [
  'cilium.io',
  'controlplane.antrea.io',
  'crd.antrea.io',
  'crd.projectcalico.org',
  'gateway.networking.k8s.io',
  'k8s.ovn.org',
  'kubeovn.io',
  'kyverno.io',
  'policy.networking.k8s.io',
  'projectcalico.org',
] as const;

const versionSchema = z.object({
  version: z.string(),
  /** False where the aggregated API server behind it does not answer: its resources are not known then. */
  fresh: z.boolean(),
  resources: z.readonly(z.array(z.object({ resource: z.string(), kind: z.string() }))),
});
const schema = z.readonly(z.array(z.object({ group: z.string(), versions: z.readonly(z.array(versionSchema)) })));
export type ApiGroups = z.infer<typeof schema>;
type ApiVersion = z.infer<typeof versionSchema>;

/** No judged group has more; the bound keeps a hostile one small. */
const maxResources = 200;
const maxVersions = 10;

const judged = (group: string): boolean => (judgedGroups as readonly string[]).includes(group);

/** Aggregated discovery: all groups in one answer (KEP-3352); servers before 1.27 fall through to the plain list. */
const accept = ['v2', 'v2beta1'].map((version) => `application/json;v=${version};g=apidiscovery.k8s.io;as=APIGroupDiscoveryList`);

/** Go writes an empty list as `null`, or not at all. */
const listed = <T>(item: z.ZodMiniType<T>) => z.optional(z.nullable(z.array(item)));

const aggregated = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: listed(
    z.object({
      metadata: z.object({ name: z.optional(z.string()) }),
      versions: listed(
        z.object({
          version: z.string(),
          freshness: z.optional(z.string()),
          resources: listed(
            z.object({ resource: z.string(), responseKind: z.optional(z.nullable(z.object({ kind: z.optional(z.string()) }))) }),
          ),
        }),
      ),
    }),
  ),
});
const plain = z.object({
  kind: z.literal('APIGroupList'),
  groups: listed(z.object({ name: z.string(), versions: listed(z.object({ version: z.string() })) })),
});
const discovery = z.union([aggregated, plain]);
const resourceList = z
  .object({ kind: z.optional(z.string()), resources: listed(z.object({ name: z.string(), kind: z.string() })) })
  .check(z.refine(({ kind, resources }) => Array.isArray(resources) || kind === 'APIResourceList', { path: ['resources'] }));

const toVersion = (version: string, fresh: boolean, resources: ApiVersion['resources']): ApiVersion => ({
  version: bounded(version, 63),
  fresh,
  resources: resources.slice(0, maxResources).map((r) => ({ resource: bounded(r.resource), kind: bounded(r.kind, 63) })),
});

/** Reads the judged groups out of the aggregated form. */
const fromAggregated = (list: z.infer<typeof aggregated>): ApiGroups =>
  (list.items ?? [])
    .map(({ metadata: { name = '' }, versions }) => ({ group: name, versions: (versions ?? []).slice(0, maxVersions) }))
    .filter(({ group }) => judged(group))
    .map(({ group, versions }) => ({
      group,
      versions: versions.map(({ version, freshness, resources }) => {
        const kinds = (resources ?? []).map(({ resource, responseKind }) => ({ resource, kind: responseKind?.kind ?? '' }));
        return toVersion(version, freshness !== 'Stale', kinds);
      }),
    }));

/** The resources of one version by the plain form; one that does not answer is kept as not fresh. */
const readGroupVersion = async (api: Api, group: string, version: string): Promise<ApiVersion> => {
  const request = { path: `/apis/${group}/${encodeURIComponent(version)}` };
  const response = await api.request(request);
  if (response.status === 503 || response.status === 404) return toVersion(version, false, []);
  if (response.status !== 200) throw refusal(request, response);
  const { resources } = parseBody(request, response, resourceList);
  // `widgets/status` is a subresource, no kind of its own.
  return toVersion(
    version,
    true,
    (resources ?? []).filter((r) => !r.name.includes('/')).map((r) => ({ resource: r.name, kind: r.kind })),
  );
};

const fromPlain = async (api: Api, list: z.infer<typeof plain>): Promise<ApiGroups> =>
  allOf(
    (list.groups ?? [])
      .filter(({ name }) => judged(name))
      .map(async ({ name, versions }) => ({
        group: name,
        versions: await allOf(
          (versions ?? []).slice(0, maxVersions).map(({ version }) => readGroupVersion(api, name, bounded(version, 63))),
        ),
      })),
  );

/** The judged API groups that the cluster serves, with their versions and kinds, sorted by name; an empty list means that none is served. */
export const apiGroups = defineFact({
  name: 'api-groups',
  first: true,
  schema,
  permissions: [{ role: 'read', verb: 'get', url: '/apis', why: 'network policy, gateway and policy operator APIs that are served' }],
  collect: async ({ api }) => {
    const list = await ask(api, { path: '/apis', headers: { accept: [...accept, 'application/json'].join(',') } }, discovery);
    const groups = list.kind === 'APIGroupList' ? await fromPlain(api, list) : fromAggregated(list);
    return [...groups].sort((a, b) => (a.group < b.group ? -1 : 1));
  },
});

/** The fresh versions of a group that serve a kind, in the API server's order of preference. */
export const servedVersions = (groups: ApiGroups, group: string, kind: string): readonly string[] =>
  (groups.find((g) => g.group === group)?.versions ?? [])
    .filter((v) => v.fresh && v.resources.some((r) => r.kind === kind))
    .map((v) => v.version);

/** The versions of a group that are announced and whose server does not answer: what they serve is not known. */
export const silentVersions = (groups: ApiGroups, group: string): readonly string[] =>
  (groups.find((g) => g.group === group)?.versions ?? []).filter((v) => !v.fresh).map((v) => v.version);
