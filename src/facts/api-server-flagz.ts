import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import type { ApiResponse } from '../model/ports.js';
import { apiServerFlagNames } from './control-plane-pods.js';
import { parseBody, refusal } from '../kubernetes/answers.js';

const flagz = z.object({ flags: z.record(z.string(), z.string()) });

/** The structured form, newest first: the text form changes its delimiter with each start of the server (KEP-4828). */
const forms = ['v1beta1', 'v1alpha1'].map((version) => `application/json;v=${version};g=config.k8s.io;as=Flagz`);

/**
 * The API server's flags in effect, defaults included: "set" and "default" cannot be told apart here.
 * Speaks for the one server that answered, where there are several.
 */
export const apiServerFlagz = defineFact({
  name: 'api-server-flagz',
  schema: z.object({ flags: z.record(z.string(), z.string()) }),
  permissions: [{ role: 'read', verb: 'get', url: '/flagz', why: 'flags in effect of the API server, where its pods cannot be seen' }],
  collect: async ({ api }) => {
    let last: ApiResponse | undefined;
    for (const accept of forms) {
      const request = { path: '/flagz', headers: { accept } };
      const response = await api.request(request);
      if (response.status === 200) {
        const { flags } = parseBody(request, response, flagz);
        return {
          flags: Object.fromEntries(apiServerFlagNames.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))),
        };
      }
      last = response;
      if (response.status !== 406) break;
    }
    throw last === undefined ? new NotAvailable('not-found', 'GET /flagz: not asked') : refusal({ path: '/flagz' }, last);
  },
});
