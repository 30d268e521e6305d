import type { V1DaemonSet, V1Deployment, V1NetworkPolicySpec, V1Node, V1PersistentVolume, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { ofKind, type Sent } from '../../src/kubernetes/api-types.js';

const text = z.optional(z.nullable(z.string()));

/** What has to be an error is one while this file compiles: `tsc` takes an expected error that does not come about for one. */
describe('objects that are sent', () => {
  test('have the names, the moments and the absent members of JSON', () => {
    const pod: Sent<V1Pod> = { metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', labels: undefined } };
    const policy: Sent<V1NetworkPolicySpec> = { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } as const;
    expect(JSON.parse(JSON.stringify([pod, policy]))).toEqual([
      { metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' } },
      { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    ]);
  });

  test('do not compile with a misspelt member, at any depth', () => {
    const pods: readonly Sent<V1Pod>[] = [
      // @ts-expect-error the member is `metadata`
      { metaData: { name: 'a' } },
      // @ts-expect-error the member is `imagePullPolicy`
      { spec: { containers: [{ name: 'a', imagePulPolicy: 'Always' }] } },
      // @ts-expect-error a moment is a text
      { metadata: { creationTimestamp: new Date(0) } },
      // @ts-expect-error a label is never undefined
      { metadata: { labels: { a: undefined } } },
      // @ts-expect-error a pod has containers
      { spec: {} },
    ];
    const policies: readonly Sent<V1NetworkPolicySpec>[] = [
      // @ts-expect-error `_from` is client-node's own name
      { podSelector: {}, ingress: [{ _from: [] }] },
    ];
    expect([pods, policies].map((some) => some.length)).toEqual([5, 1]);
  });
});

describe('schemas of objects that are read', () => {
  test('are what they were', () => {
    const schema = z.object({ metadata: z.object({ name: z.string() }) });
    expect(ofKind<V1Node>()(schema)).toBe(schema);
    expect(ofKind<V1Node>()(z.object({ metadata: z.object({ name: z.string() }) })).parse({ metadata: { name: 'a' }, spec: {} })).toEqual({
      metadata: { name: 'a' },
    });
  });

  test('compile where they read what is there: less of it, records, one key of a record, null, unknown, empty and loose objects, several kinds', () => {
    const schemas = [
      ofKind<V1Node>()(
        z.object({ metadata: z.object({ labels: z.object({ zone: text }), annotations: z.record(z.string(), z.string()) }) }),
      ),
      ofKind<V1Node>()(
        z.object({ spec: z.optional(z.nullable(z.object({ taints: z.array(z.object({ effect: z.enum(['NoExecute']) })) }))) }),
      ),
      ofKind<V1Pod>()(z.object({ spec: z.unknown(), status: z.object({}), metadata: z.object({ creationTimestamp: text }) })),
      ofKind<V1PersistentVolume>()(z.object({ spec: z.looseObject({ csi: z.optional(z.object({ driver: z.string() })) }) })),
      ofKind<V1DaemonSet & V1Deployment>()(
        z.object({ status: z.object({ numberReady: z.optional(z.number()), readyReplicas: z.optional(z.number()) }) }),
      ),
      ofKind<V1Node>()(
        z.pipe(
          z.object({ metadata: z.object({ name: z.string() }) }),
          z.transform(({ metadata }) => metadata.name),
        ),
      ),
    ];
    expect(schemas).toHaveLength(6);
  });

  test('do not compile where they read something else, at any depth', () => {
    const renamed = z.pipe(
      z.object({ name: z.string() }),
      z.transform(({ name }) => ({ metadata: { name } })),
    );
    const schemas = [
      // @ts-expect-error the member is `metadata`
      ofKind<V1Node>()(z.object({ metaData: z.object({ name: z.string() }) })),
      // @ts-expect-error the member is `effect`; in an array, behind null and absence
      ofKind<V1Node>()(z.object({ spec: z.optional(z.object({ taints: z.nullable(z.array(z.object({ efect: text }))) })) })),
      // @ts-expect-error the member is `driver`; beside members that are not named
      ofKind<V1PersistentVolume>()(z.object({ spec: z.looseObject({ csi: z.optional(z.object({ drivers: text })) }) })),
      // @ts-expect-error a label is a text
      ofKind<V1Node>()(z.object({ metadata: z.object({ labels: z.record(z.string(), z.object({ value: text })) }) })),
      // @ts-expect-error the number of replicas is a number
      ofKind<V1Deployment>()(z.object({ spec: z.object({ replicas: z.string() }) })),
      // @ts-expect-error taints are a list
      ofKind<V1Node>()(z.object({ spec: z.object({ taints: z.object({ effect: text }) }) })),
      // @ts-expect-error a DaemonSet has no replicas
      ofKind<V1DaemonSet>()(z.object({ spec: z.object({ replicas: z.optional(z.number()) }) })),
      // @ts-expect-error the name is what is read, before it is made into something else
      ofKind<V1Node>()(renamed),
    ];
    expect(schemas).toHaveLength(8);
  });
});
