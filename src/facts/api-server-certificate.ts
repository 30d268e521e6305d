import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { certificateSchema, toCertificate } from './support/certificate.js';
import { bounded } from '../text/bounded.js';

/** Names that the report and the judgement take; certificates of fronts hold hundreds. */
const maxNames = 20;

const schema = z.extend(certificateSchema, {
  /**
   * DNS names of the certificate: at most 20, those of the API server inside of a cluster first. Absent in older snapshots, and then
   * not known.
   */
  altNames: z.optional(z.readonly(z.array(z.string()))),
});
export type ServingCertificate = z.infer<typeof schema>;

/**
 * Whether a DNS name is one of those by which pods know the API server: `kubernetes`, `kubernetes.default`, `kubernetes.default.svc`, and the last
 * with the cluster's domain. https://kubernetes.io/docs/setup/best-practices/certificates/#all-certificates
 */
export const isInClusterName = (name: string): boolean =>
  /^(?:kubernetes|kubernetes\.default|kubernetes\.default\.svc(?:\..*)?)$/i.test(name);

const trimNames = (names: readonly string[]): readonly string[] =>
  [...names.filter(isInClusterName), ...names.filter((name) => !isInClusterName(name))].slice(0, maxNames).map((name) => bounded(name));

/**
 * The certificate that the API endpoint shows in a TLS handshake: takes no right and no login.
 * A proxy before the API server shows its own one; its names tell.
 */
export const apiServerCertificate = defineFact({
  name: 'api-server-certificate',
  schema,
  permissions: [],
  collect: async ({ network }): Promise<ServingCertificate> => {
    const certificate = await network.serverCertificate();
    const { altNames } = certificate;
    return { ...toCertificate(certificate), ...(altNames === undefined ? {} : { altNames: trimNames(altNames) }) };
  },
});
