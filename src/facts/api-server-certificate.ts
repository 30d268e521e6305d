import { defineFact } from '../model/fact.js';
import { certificateSchema, toCertificate } from './support/certificate.js';

/**
 * The certificate that the API endpoint shows in a TLS handshake: takes no right and no login.
 * Where something stands before the API server, it is that one's certificate; the subject tells.
 */
export const apiServerCertificate = defineFact({
  name: 'api-server-certificate',
  schema: certificateSchema,
  permissions: [],
  collect: async ({ network }) => toCertificate(await network.serverCertificate()),
});
