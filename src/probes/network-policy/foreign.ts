import type { V1NetworkPolicy } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { clusterNetworkPolicies } from '../../facts/cluster-network-policies.js';
import { listAll } from '../../kubernetes/list.js';
import { hadOf } from '../../facts/support/parts.js';
import { bounded } from '../../text/bounded.js';
import type { Api } from '../../model/ports.js';
import type { Ports } from '../../model/fact.js';
import { ownerLabel, owner } from '../sandbox/identity.js';

const rawPolicy = ofKind<V1NetworkPolicy>()(
  z.object({
    metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.optional(z.record(z.string(), z.string())) }),
    spec: z.optional(
      z.object({ ingress: z.optional(z.nullable(z.array(z.unknown()))), egress: z.optional(z.nullable(z.array(z.unknown()))) }),
    ),
  }),
);

/** A policy that somebody else put into a namespace of ours. */
export interface ForeignPolicy {
  readonly name: string;
  /** True where it only denies: our own policies come on top of it. */
  readonly denies: boolean;
}

/** Policies of others in namespaces of ours: some clusters put one into every new namespace. */
export const foreignPolicies = async (api: Api, namespaces: readonly string[]): Promise<readonly ForeignPolicy[]> => {
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      listAll(api, `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, rawPolicy, ({ metadata, spec }) =>
        metadata.labels?.[ownerLabel] === owner
          ? undefined
          : {
              name: `${bounded(metadata.namespace)}/${bounded(metadata.name)}`,
              denies: (spec?.ingress ?? []).length === 0 && (spec?.egress ?? []).length === 0,
            },
      ),
    ),
  );
  return lists.flat().filter((policy) => policy !== undefined);
};

/** Policies for the whole cluster, by kind and name: what they let through or deny is theirs. Those that cannot be seen are not known. */
export const widePolicies = async (fact: Ports['fact']): Promise<readonly string[]> => {
  const kinds = await fact(clusterNetworkPolicies).catch(() => []);
  return hadOf(kinds).flatMap(({ kind, count, names }) =>
    count === 0
      ? []
      : [...names.map((name) => `${kind} ${name}`), ...(count > names.length ? [`${count - names.length} more of ${kind}`] : [])],
  );
};
