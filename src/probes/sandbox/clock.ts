import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';

/**
 * How far the cluster's clock is ahead of this machine's, in milliseconds, by the `Date` of an answer. Runs on several machines agree on the
 * cluster's clock, and on no other.
 * @returns undefined where the cluster does not say
 */
export const readClockOffset = async (api: Api): Promise<number | undefined> => {
  try {
    const { headers } = await api.request({ path: '/version' });
    const offset = Date.parse(headers['date'] ?? '') - Date.now();
    return Number.isNaN(offset) ? undefined : offset;
  } catch (error) {
    if (error instanceof NotAvailable) return undefined;
    throw error;
  }
};
