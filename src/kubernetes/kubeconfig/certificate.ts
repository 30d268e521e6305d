import { X509Certificate } from 'node:crypto';
import { NotAvailable } from '../../model/errors.js';
import type { CertificateInfo } from '../../model/ports.js';
import { splitCertificates } from './material.js';

/** A bundle of all public CAs holds about 150 certificates. */
const maxCertificates = 500;
const maxPem = 4 * 1024 * 1024;
const longestName = 300;

/** A distinguished name in one line: `CN=a, O=b`. */
const joinLines = (name: string): string => name.split('\n').join(', ').slice(0, longestName);

/** A certificate, trimmed to what is judged. */
export const toCertificateInfo = (certificate: X509Certificate): CertificateInfo => ({
  subject: joinLines(certificate.subject),
  issuer: joinLines(certificate.issuer),
  notBefore: certificate.validFromDate.toISOString(),
  notAfter: certificate.validToDate.toISOString(),
  isCa: certificate.ca,
});

/** A name that Node writes in JSON's quotes, because a comma or a quote stands in it: no host name. */
const quotedValue = /"(?:[^"\\]|\\(?:[\s\S]|$))*(?:"|$)/g;
const longestAltNames = 200_000;

/**
 * The DNS names of a certificate.
 * @param text as `X509Certificate.subjectAltName` gives it, e.g. `DNS:localhost, IP Address:127.0.0.1`
 */
export const altNamesOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .slice(0, longestAltNames)
    .replace(quotedValue, '""')
    .split(', ')
    .flatMap((entry) => (entry.startsWith('DNS:') && !entry.includes('"') ? [entry.slice('DNS:'.length)] : []));

/**
 * The certificates of a PEM text, in its order; what stands between them is passed over.
 * @throws {NotAvailable} where one cannot be read: half a bundle is no bundle
 */
export const parseCertificates = (pem: string): readonly CertificateInfo[] => {
  if (pem.length > maxPem) throw new NotAvailable('too-large', `a certificate bundle of ${pem.length} characters`);
  const found = splitCertificates(pem, maxCertificates + 1);
  if (found.length > maxCertificates)
    throw new NotAvailable('too-large', `a certificate bundle of more than ${maxCertificates} certificates`);
  return found.map((one, i) => {
    try {
      return toCertificateInfo(new X509Certificate(one));
    } catch (cause) {
      throw new NotAvailable('malformed', `certificate ${i + 1} of ${found.length} cannot be read`, { cause });
    }
  });
};
