import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';

const longestDate = 60;

/**
 * What this machine's clock and that of the API server said at one moment: the `Date` header that every HTTP server with a clock sends (RFC 9110,
 * section 6.6.1), whatever the answer is. A wrong clock would make old versions and ended certificates look well.
 */
export const clocks = defineFact({
  name: 'clocks',
  schema: z.object({
    /** This machine's time when the answer had come, ISO 8601. */
    here: z.string(),
    /** The API server's time, to the second, ISO 8601. */
    server: z.string(),
  }),
  permissions: [],
  collect: async ({ api, clock }) => {
    const { headers } = await api.request({ path: '/version' });
    const here = clock().toISOString();
    const date = headers['date'] ?? '';
    const at = date.length > longestDate ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) throw new NotAvailable('malformed', 'GET /version: the answer has no Date header that can be read');
    return { here, server: new Date(at).toISOString() };
  },
});
