import * as z from 'zod/mini';
import type { CertificateInfo } from '../../model/ports.js';
import { bounded } from '../../text/bounded.js';

/** A certificate, as far as it is judged; dates are ISO 8601. */
export const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  isCa: z.boolean(),
});
export type Certificate = z.infer<typeof certificateSchema>;

const boundedName = (name: string): string => bounded(name, 300);

/** Trims a certificate to what is judged; names are chosen by whoever answers, and bounded. */
export const toCertificate = (c: CertificateInfo): Certificate => ({
  subject: boundedName(c.subject),
  issuer: boundedName(c.issuer),
  notBefore: c.notBefore,
  notAfter: c.notAfter,
  isCa: c.isCa,
});
