import { X509Certificate } from 'node:crypto';
import type { Facts } from '../../src/model/fact.js';
import { altNamesOf, toCertificateInfo } from '../../src/kubernetes/kubeconfig/certificate.js';
import { createAuthority, type CertificateOptions } from './certificates.js';

/** DNS names that every API server's own certificate has, as kubeadm gives them. */
const inCluster = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'] as const;

const day = (text: string): Date => new Date(text.includes('T') ? text : `${text}T00:00:00Z`);

/** A certificate by its dates, e.g. `2026-10-01`, and its names. */
export interface Dated extends Omit<CertificateOptions, 'notBefore' | 'notAfter'> {
  readonly from: string;
  readonly until: string;
}
const optionsOf = ({ from, until, ...rest }: Dated): CertificateOptions => ({ ...rest, notBefore: day(from), notAfter: day(until) });

/**
 * The facts of an endpoint that was reached directly: a CA of a cluster's own, trusted by the kubeconfig and by pods, and a certificate of it.
 * Real certificates, made for the test.
 */
export const served = (ca: Dated, leaf: Dated): Facts => {
  const authority = createAuthority(optionsOf({ commonName: 'kubernetes', ...ca }));
  const own = authority.issue(optionsOf({ commonName: 'kube-apiserver', altNames: [...inCluster, '10.96.0.1'], ...leaf }));
  const shown = new X509Certificate(own.certificate);
  const trusted = [toCertificateInfo(new X509Certificate(authority.certificate))];
  return {
    'endpoint-url': { path: false },
    'api-server-certificate': { ...toCertificateInfo(shown), altNames: altNamesOf(shown.subjectAltName) },
    'kubeconfig-cas': trusted,
    'root-cas': trusted,
  };
};

/** An endpoint as kubeadm 1.36 makes it, two months ago. */
export const direct: Facts = served({ from: '2026-09-20', until: '2036-09-17' }, { from: '2026-09-20', until: '2027-09-20' });

const changed = (facts: Facts, name: string, changes: object): Facts => ({ ...facts, [name]: { ...(facts[name] as object), ...changes } });

/** Facts with one mark of a proxy in front, by what it is. */
export const proxied = (facts: Facts): Readonly<Record<string, Facts>> => {
  const gateway = { subject: 'CN=gateway-ca', issuer: 'CN=gateway-ca', notBefore: '2026-01-01', notAfter: '2036-01-01', isCa: true };
  return {
    'a path in the server URL': { ...facts, 'endpoint-url': { path: true } },
    'a certificate with names of its own': changed(facts, 'api-server-certificate', { altNames: ['rancher.example.org'] }),
    'a certificate without names': changed(facts, 'api-server-certificate', { altNames: [] }),
    'a CA of its own': { ...changed(facts, 'api-server-certificate', { issuer: gateway.subject }), 'kubeconfig-cas': [gateway] },
    'a CA of its own beside that of the cluster': {
      ...changed(facts, 'api-server-certificate', { issuer: gateway.subject }),
      'kubeconfig-cas': [gateway, ...(facts['kubeconfig-cas'] as readonly object[])],
    },
    'a public CA': { ...changed(facts, 'api-server-certificate', { issuer: 'C=US, O=Public CA, CN=R10' }), 'kubeconfig-cas': [] },
  };
};

/** What is said of a proxy with that mark: names of the certificate alone are no proof. */
export const proxySentence = (mark: string): RegExp =>
  mark.startsWith('a certificate ')
    ? /^A proxy may answer before the API server: the certificate /
    : /^A proxy answers before the API server: /;

/** Facts in which a proxy can neither be seen nor ruled out, by what is not known. */
export const doubtful = (facts: Facts): Readonly<Record<string, Facts>> => {
  const without = (object: object, key: string): object => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  const certificate = without(facts['api-server-certificate'] as object, 'altNames');
  const gone = { unavailable: 'forbidden', detail: 'GET /x: 403 forbidden' };
  return {
    'kube-root-ca.crt cannot be read': { ...facts, 'root-cas': gone },
    'the CAs of the kubeconfig are not known': { ...facts, 'kubeconfig-cas': gone },
    'the server URL is not recorded': without(facts, 'endpoint-url') as Facts,
    'the names of the certificate are not recorded': { ...facts, 'api-server-certificate': certificate },
    'the connection checks no certificate': { ...facts, 'kubeconfig-cas': [] },
    'an intermediate CA signs': changed(facts, 'api-server-certificate', { issuer: 'CN=intermediate' }),
  };
};
