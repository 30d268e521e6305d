import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { ask } from '../kubernetes/answers.js';

const answer = z.object({ gitVersion: z.string() });

/**
 * The version of the API server that answered, as it gives it.
 * `emulationMajor`, `emulationMinor` and their like (KEP-4330) say which version's behaviour is imitated, not which one runs:
 * they are left behind.
 */
export const serverVersion = defineFact({
  name: 'server-version',
  schema: z.object({ gitVersion: z.string() }),
  permissions: [
    { role: 'read', verb: 'get', url: '/version', why: 'the Kubernetes version; everybody may by default (system:public-info-viewer)' },
  ],
  collect: async ({ api }) => {
    const { gitVersion } = await ask(api, { path: '/version' }, answer);
    return { gitVersion: gitVersion.slice(0, 200) };
  },
});
