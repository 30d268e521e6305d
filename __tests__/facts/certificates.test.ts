import { describe, expect, test } from '@jest/globals';
import { apiServerCertificate, isInClusterName } from '../../src/facts/api-server-certificate.js';
import { pendingServingRequests } from '../../src/facts/certificate-signing-requests.js';
import { kubeconfigCas, rootCas } from '../../src/facts/cluster-cas.js';
import { endpointUrl } from '../../src/facts/endpoint-url.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { CertificateInfo } from '../../src/model/ports.js';
import { factPorts, ok, refused } from '../helpers/fact-ports.js';

const certificate: CertificateInfo = {
  subject: 'CN=kube-apiserver',
  issuer: 'CN=kubernetes',
  notBefore: '2026-11-23T18:50:00.000Z',
  notAfter: '2027-11-23T18:55:00.000Z',
  isCa: false,
};
const configMap = '/api/v1/namespaces/default/configmaps/kube-root-ca.crt';
const parser = (pem: string): CertificateInfo[] =>
  pem.includes('BEGIN') ? [{ ...certificate, subject: 'CN=kubernetes', isCa: true }] : [];

describe('the certificate of the API endpoint', () => {
  test('what the handshake shows', async () => {
    const ports = factPorts({}, { network: { serverCertificate: () => Promise.resolve(certificate) } });
    expect(await apiServerCertificate.collect(ports)).toEqual(certificate);
  });

  test('a subject that someone filled with lines is one bounded line', async () => {
    const subject = `CN=a\n::error::x${'y'.repeat(1_000)}`;
    const ports = factPorts({}, { network: { serverCertificate: () => Promise.resolve({ ...certificate, subject }) } });
    const seen = await apiServerCertificate.collect(ports);
    expect(seen.subject).not.toContain('\n');
    expect(seen.subject.length).toBeLessThanOrEqual(300);
  });

  test('its names: those of an API server inside of a cluster first, and not more than are needed', async () => {
    const altNames = [
      ...Array.from({ length: 300 }, (_, i) => `n${i}.example.org`),
      'kubernetes.default.svc.cluster.local',
      'kubernetes\n',
    ];
    const ports = factPorts({}, { network: { serverCertificate: () => Promise.resolve({ ...certificate, altNames }) } });
    const seen = (await apiServerCertificate.collect(ports)).altNames ?? [];
    expect([seen.length, seen[0], seen[1]]).toEqual([20, 'kubernetes.default.svc.cluster.local', 'n0.example.org']);
    expect(seen.every((name) => !name.includes('\n'))).toBe(true);
  });

  test.each([
    ['kubernetes', true],
    ['Kubernetes.Default', true],
    ['kubernetes.default.svc', true],
    ['kubernetes.default.svc.cluster.local', true],
    ['kubernetes.default.svc.k8s.example.org', true],
    ['kubernetes.example.org', false],
    ['kubernetes.default.example.org', false],
    ['my-kubernetes', false],
    ['kubernetes.default.svcs', false],
    ['*.default.svc', false],
    ['', false],
  ])('%s is a name of the API server inside of a cluster: %s', (name, expected) => {
    expect(isInClusterName(name)).toBe(expected);
  });

  test('an endpoint that cannot be reached', async () => {
    await expect(apiServerCertificate.collect(factPorts({}))).rejects.toBeInstanceOf(NotAvailable);
  });
});

test.each([true, false])('the server URL has a path: %s; the path itself is not kept', async (hasPath) => {
  const endpoint = { scheme: 'https', host: 'rancher.example.org', port: 443, hasPath };
  expect(await endpointUrl.collect(factPorts({}, { network: { endpoint } }))).toEqual({ path: hasPath });
});

describe('CAs of the cluster', () => {
  test('of a kubeconfig', async () => {
    expect(await kubeconfigCas.collect(factPorts({}, { network: { trustedCas: () => [certificate] } }))).toEqual([certificate]);
  });

  test('of a kubeconfig that trusts the system', async () => {
    expect(await kubeconfigCas.collect(factPorts({}))).toEqual([]);
  });

  test('of the ConfigMap', async () => {
    const ports = factPorts(
      { [configMap]: ok({ data: { 'ca.crt': '-----BEGIN CERTIFICATE-----' } }) },
      { network: { parseCertificates: parser } },
    );
    expect((await rootCas.collect(ports)).map((c) => c.subject)).toEqual(['CN=kubernetes']);
  });

  test.each([1, 21, 500])('a bundle of %i is kept as a whole', async (count) => {
    const all = Array.from({ length: count }, (_, i) => ({ ...certificate, subject: `CN=ca-${i}`, isCa: true }));
    const ports = factPorts(
      { [configMap]: ok({ data: { 'ca.crt': 'BEGIN' } }) },
      { network: { parseCertificates: () => all, trustedCas: () => all } },
    );
    expect(await rootCas.collect(ports)).toEqual(all);
    expect(await kubeconfigCas.collect(ports)).toEqual(all);
  });

  const throws = (): never => {
    throw new Error('bad PEM');
  };
  const tooLarge = (): never => {
    throw new NotAvailable('too-large', 'a certificate bundle of more than 500 certificates');
  };
  test.each([
    ['an empty bundle', ok({ data: { 'ca.crt': '' } }), parser, 'malformed'],
    ['a bundle that cannot be read', ok({ data: { 'ca.crt': 'x' } }), throws, 'malformed'],
    ['a bundle that is too large', ok({ data: { 'ca.crt': 'x' } }), tooLarge, 'too-large'],
    ['a ConfigMap without the key', ok({ data: {} }), parser, 'malformed'],
    ['no ConfigMap', refused(404, 'not found'), parser, 'not-found'],
    ['no right', refused(403, 'forbidden'), parser, 'forbidden'],
  ])('%s is no CA', async (_, answer, parseCertificates, reason) => {
    await expect(rootCas.collect(factPorts({ [configMap]: answer }, { network: { parseCertificates } }))).rejects.toMatchObject({ reason });
  });
});

/** As kind 1.36.3 with `serverTLSBootstrap: true` shows it, cut. */
const request = (name: string, changes: Readonly<Record<string, unknown>> = {}, signerName = 'kubernetes.io/kubelet-serving'): unknown => ({
  metadata: { name, generateName: 'csr-', creationTimestamp: '2026-11-23T19:07:59Z' },
  spec: {
    request: 'LS0tLS1CRUdJTg==',
    signerName,
    usages: ['digital signature', 'server auth'],
    username: 'system:node:hardened-control-plane',
    groups: ['system:nodes', 'system:authenticated'],
  },
  status: {},
  ...changes,
});
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

describe('serving certificates that wait for approval', () => {
  test('a pending one: its name, its node and its time', async () => {
    expect(
      await pendingServingRequests.collect(factPorts({ [requests]: ok({ metadata: {}, items: [request('csr-b'), request('csr-a')] }) })),
    ).toEqual([
      { name: 'csr-a', requestor: 'system:node:hardened-control-plane', created: '2026-11-23T19:07:59Z' },
      { name: 'csr-b', requestor: 'system:node:hardened-control-plane', created: '2026-11-23T19:07:59Z' },
    ]);
  });

  test.each([
    ['approved', request('c', { status: { conditions: [{ type: 'Approved', status: 'True' }] } })],
    ['denied', request('c', { status: { conditions: [{ type: 'Denied', status: 'True' }] } })],
    ['failed', request('c', { status: { conditions: [{ type: 'Approved' }, { type: 'Failed' }] } })],
    ['of another signer', request('c', {}, 'kubernetes.io/kube-apiserver-client-kubelet')],
  ])('one that is %s does not wait', async (_, item) => {
    expect(await pendingServingRequests.collect(factPorts({ [requests]: ok({ metadata: {}, items: [item] }) }))).toEqual([]);
  });

  test('only requests of that signer are asked for', async () => {
    const ports = factPorts({ [requests]: ok({ metadata: {}, items: [] }) });
    await pendingServingRequests.collect(ports);
    expect(ports.asked[0]?.path).toContain('fieldSelector=spec.signerName%3Dkubernetes.io%2Fkubelet-serving');
  });

  test('no right is no empty list', async () => {
    await expect(pendingServingRequests.collect(factPorts({ [requests]: refused(403, 'forbidden') }))).rejects.toMatchObject({
      reason: 'forbidden',
    });
  });
});
