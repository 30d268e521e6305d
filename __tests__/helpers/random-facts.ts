import fc from 'fast-check';
import * as z from 'zod/mini';
import type { Fact } from '../../src/model/fact.js';

/** Words that judgements look for: without them random facts would be about nothing that anybody knows. */
const words = [
  '',
  'true',
  'constructor',
  'annotation',
  'none',
  'standard',
  'worker-1',
  'kube-system',
  'cilium',
  'calico-node',
  'kube-flannel-ds',
  'kindest/kindnetd:v1',
  'kyverno',
  'gatekeeper-controller',
  'ingress-nginx-controller',
  'k8s.io/ingress-nginx',
  'policy.networking.k8s.io',
  'AdminNetworkPolicy',
  'v1alpha1',
  'NetworkPolicy scs-kaas-a/default-deny',
  'cinder.csi.openstack.org',
  'kubernetes.io/aws-ebs',
  'rancher.io/local-path',
  'csi',
  'hostPath',
  'ReadWriteOnce',
  '1Gi',
  'baseline',
  'restricted',
  'privileged',
  'Webhook',
  '403',
] as const;

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) });

const ofType = (type: string, schema: JsonSchema): fc.Arbitrary<unknown> => {
  switch (type) {
    case 'string':
      return word;
    case 'number':
    case 'integer':
      return fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(60_000, 10_255));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(ofSchema(schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return schema.properties === undefined
        ? fc.dictionary(word, ofSchema(typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}), { maxKeys: 3 })
        : fc.record(Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, ofSchema(value)])), {
            requiredKeys: [...(schema.required ?? [])],
          });
    default:
      return word;
  }
};

const ofSchema = (schema: JsonSchema): fc.Arbitrary<unknown> => {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(ofSchema));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['string']);
  return fc.oneof(...types.map((type) => ofType(type, schema)));
};

/**
 * Values of a fact, by its schema alone: odd ones too, but none that a snapshot could not hold.
 * @param fact whose schema is walked
 */
const anyValueOf = (fact: Fact<unknown>): fc.Arbitrary<unknown> =>
  ofSchema(z.toJSONSchema(fact.schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema).filter(
    (value) => fact.schema.safeParse(value).success,
  );

/** The same, or why it could not be had. */
export const anyFact = (fact: Fact<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: anyValueOf(fact) }, { weight: 1, arbitrary: fc.constant({ unavailable: 'forbidden', detail: '403' }) });
