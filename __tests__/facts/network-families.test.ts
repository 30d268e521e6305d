import { describe, expect, test } from '@jest/globals';
import { loadBalancerServices } from '../../src/facts/load-balancer-services.js';
import { networkFamilies } from '../../src/facts/network-families.js';
import { nodes } from '../../src/facts/nodes.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';

const cidrPath = '/apis/networking.k8s.io/v1/servicecidrs';
const servicePath = '/api/v1/namespaces/default/services/kubernetes';
const cidrs = (...list: string[][]): Answer =>
  ok({ metadata: {}, items: list.map((some) => ({ metadata: { name: 'kubernetes' }, spec: { cidrs: some } })) });
const service = ok({ spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ipFamilies: ['IPv4'] } });

describe('families of the Service network', () => {
  const rows: readonly (readonly [string, Record<string, Answer>, object])[] = [
    ['one CIDR', { [cidrPath]: cidrs(['10.96.0.0/16']) }, { services: ['IPv4'], by: 'ServiceCIDR' }],
    [
      'two families in one object',
      { [cidrPath]: cidrs(['fd00:10:96::/112', '10.96.0.0/16']) },
      { services: ['IPv4', 'IPv6'], by: 'ServiceCIDR' },
    ],
    [
      'two families in two objects',
      { [cidrPath]: cidrs(['fd00:10:96::/112'], ['10.96.0.0/16']) },
      { services: ['IPv4', 'IPv6'], by: 'ServiceCIDR' },
    ],
    ['a server without ServiceCIDR objects', { [servicePath]: service }, { services: ['IPv4'], by: 'Service' }],
    [
      'ServiceCIDR objects that may not be listed',
      { [cidrPath]: refused(403, 'no'), [servicePath]: service },
      { services: ['IPv4'], by: 'Service' },
    ],
    [
      'a Service that names its family alone',
      { [servicePath]: ok({ spec: { ipFamilies: ['IPv6'] } }) },
      { services: ['IPv6'], by: 'Service' },
    ],
    ['a Service of an old server', { [servicePath]: ok({ spec: { clusterIP: 'fd00::1' } }) }, { services: ['IPv6'], by: 'Service' }],
  ];
  test.each(rows)('%s', async (_, answers, expected) => {
    expect(await networkFamilies.collect(factPorts(answers))).toEqual(expected);
  });

  test.each([
    ['neither object may be read', { [cidrPath]: refused(403, 'no'), [servicePath]: refused(403, 'no') }, 'forbidden'],
    ['the server fails', { [cidrPath]: refused(500, 'later'), [servicePath]: service }, 'server-error'],
    ['a Service without any address', { [servicePath]: ok({ spec: { clusterIP: 'None' } }) }, 'malformed'],
  ] as const)('%s', async (_, answers, reason) => {
    await expect(networkFamilies.collect(factPorts(answers))).rejects.toMatchObject({ reason });
  });
});

describe('families of the pod network', () => {
  test.each([
    ['one CIDR', { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] }, ['IPv4']],
    ['both families', { podCIDR: 'fd00::/64', podCIDRs: ['fd00::/64', '10.244.0.0/24'] }, ['IPv4', 'IPv6']],
    ['the old field alone', { podCIDR: 'fd00::/64' }, ['IPv6']],
    ['a plugin that hands out addresses itself', {}, []],
    ['something that is no CIDR', { podCIDRs: ['::error::x', 'none', '', 'None'] }, []],
  ])('%s', async (_, spec, families) => {
    const [node] = await nodes.collect(factPorts({ '/api/v1/nodes': ok({ metadata: {}, items: [{ metadata: { name: 'one' }, spec }] }) }));
    expect(node?.podFamilies).toEqual(families);
    expect(JSON.stringify(node)).not.toContain('10.244');
  });
});

describe('Services of type LoadBalancer', () => {
  const item = (ingress?: object[]): object => ({
    metadata: { name: 'hunter2' },
    spec: { type: 'LoadBalancer' },
    status: { loadBalancer: ingress === undefined ? {} : { ingress } },
  });

  test('one with an address, one with a name, one that waits, and one of another type that the server should not have listed', async () => {
    const other = { metadata: { name: 'x' }, spec: { type: 'ClusterIP' } };
    const ports = factPorts({
      '/api/v1/services': ok({ metadata: {}, items: [item([{ ip: '192.0.2.1' }]), item([{ hostname: 'lb.example.com' }]), item(), other] }),
    });
    const found = await loadBalancerServices.collect(ports);
    expect(found).toEqual({ services: 3, withAddress: 2 });
    expect(ports.asked[0]?.path).toContain('fieldSelector=spec.type%3DLoadBalancer');
  });

  test('an address that says nothing', async () => {
    expect(await loadBalancerServices.collect(factPorts({ '/api/v1/services': ok({ metadata: {}, items: [item([{}])] }) }))).toEqual({
      services: 1,
      withAddress: 0,
    });
  });

  test('Services that may not be listed', async () => {
    await expect(loadBalancerServices.collect(factPorts({ '/api/v1/services': refused(403, 'no') }))).rejects.toMatchObject({
      reason: 'forbidden',
    });
  });
});
