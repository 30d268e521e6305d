import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import type { ApiResponse } from '../model/ports.js';
import { apiServerFlagNames } from './control-plane-pods.js';
import { parseBody, refusal } from '../kubernetes/answers.js';

const flagz = z.object({ flags: z.record(z.string(), z.string()) });

/** The structured form, the newest is asked for first: the text form changes its delimiter with each start of the server (KEP-4828). */
const form = (version: string): string => `application/json;v=${version};g=config.k8s.io;as=Flagz`;
const request = { path: '/flagz' };

/**
 * The API server's flags in effect, defaults included: "set" and "default" cannot be told apart here.
 * Speaks for the one server that answered, where there are several.
 */
export const apiServerFlagz = defineFact({
  name: 'api-server-flagz',
  schema: flagz,
  permissions: [{ role: 'read', verb: 'get', url: '/flagz', why: 'flags in effect of the API server, where its pods cannot be seen' }],
  collect: async ({ api }) => {
    const ask = (accept: string): Promise<ApiResponse> => api.request({ ...request, headers: { accept } });
    const newest = await ask(form('v1beta1'));
    const response = newest.status === 406 ? await ask(form('v1alpha1')) : newest;
    if (response.status !== 200) throw refusal(request, response);
    const { flags } = parseBody(request, response, flagz);
    return { flags: Object.fromEntries(apiServerFlagNames.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))) };
  },
});
