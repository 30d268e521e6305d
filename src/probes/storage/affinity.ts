import * as z from 'zod/mini';
import { bounded } from '../../text/bounded.js';

const requirement = z.object({ key: z.string(), operator: z.string(), values: z.optional(z.nullable(z.array(z.string()))) });
/** `nodeAffinity.required.nodeSelectorTerms` of a PersistentVolume: it can be used where one of them holds. */
export const rawTerms = z.array(
  z.object({
    matchExpressions: z.optional(z.nullable(z.array(requirement))),
    matchFields: z.optional(z.nullable(z.array(requirement))),
  }),
);
export type Terms = z.infer<typeof rawTerms>;
type Requirement = z.infer<typeof requirement>;

/** A node, by what affinities go by. */
export interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const most = 10;

const formatRequirement = ({ key, operator, values }: Requirement): string =>
  bounded([key, operator, (values ?? []).slice(0, most).join(', ')].filter((word) => word !== '').join(' '), 300);

/** The alternatives, one text each. */
export const affinityInWords = (terms: Terms): readonly string[] =>
  terms
    .slice(0, most)
    .map((t) => bounded([...(t.matchFields ?? []), ...(t.matchExpressions ?? [])].map(formatRequirement).join(' and '), 600));

const meetsRequirement = ({ key, operator, values }: Requirement, of: Readonly<Record<string, string>>): boolean => {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  const some = values ?? [];
  switch (operator) {
    case 'In':
      return value !== undefined && some.includes(value);
    case 'NotIn':
      return value === undefined || !some.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(some[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(some[0]);
    default:
      return false;
  }
};

/** Whether a volume can be used on a node. No terms: on every one. */
export const admits = (terms: Terms, node: Labelled): boolean =>
  terms.length === 0 ||
  terms.some(
    (t) =>
      (t.matchFields ?? []).length + (t.matchExpressions ?? []).length > 0 &&
      (t.matchFields ?? []).every((r) => meetsRequirement(r, { 'metadata.name': node.name })) &&
      (t.matchExpressions ?? []).every((r) => meetsRequirement(r, node.labels)),
  );

/** The last word of a label's key that stands for one host, e.g. `topology.topolvm.io/node`, `openebs.io/nodename`. */
const hostWord = /(?:^|\/)(?:host|hostname|node|node-?name|node-?id)$/i;
/** What holds several hosts, even where someone named a zone like its only node. */
const widerWord = /(?:^|[/.-])(?:zone|region)$/i;

/** Whether a requirement names hosts: by its key, or by values that are hosts of this cluster. */
const namesHosts = ({ key, operator, values }: Requirement, hosts: ReadonlySet<string>): boolean =>
  operator === 'In' &&
  (values ?? []).length > 0 &&
  (key === 'metadata.name' || hostWord.test(key) || (!widerWord.test(key) && (values ?? []).every((value) => hosts.has(value))));

/**
 * The hosts that a volume can be used on, where each of its alternatives names hosts.
 * @param nodes all nodes of the cluster
 * @returns none where it goes by something wider than a host, or by nothing
 */
export const matchingHosts = (terms: Terms, nodes: readonly Labelled[]): readonly string[] => {
  const known = new Set(nodes.flatMap(({ name, labels }) => [name, labels['kubernetes.io/hostname'] ?? name]));
  const named = terms.map((t) => [...(t.matchFields ?? []), ...(t.matchExpressions ?? [])].find((r) => namesHosts(r, known))?.values ?? []);
  if (named.some((hosts) => hosts.length === 0)) return [];
  return [...new Set(named.flat())].slice(0, most).map((host) => bounded(host));
};
