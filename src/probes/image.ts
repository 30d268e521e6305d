import * as z from 'zod/mini';
import { UserError } from '../model/errors.js';
import { likelySecrets } from '../text/likely-secrets.js';
import { readJson } from '../text/read-json.js';
import { trimEndOf } from '../text/trim.js';

/**
 * The one image of all pods: agnhost, which Kubernetes' own end-to-end tests are made of (Apache-2.0; amd64, arm64, ppc64le, s390x; about 55 MB to pull).
 * https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost
 */
const registry = 'registry.k8s.io';
const path = 'e2e-test-images/agnhost:2.53@sha256:99c6b4bb4a1e1df3f0b3752168c89358794d02258ebebc26bf21c29399011a85';

/** The image of a run's pods. @param chosen as the user chose it */
export const imageOf = (chosen: { readonly image?: string | undefined; readonly registry?: string | undefined }): string =>
  chosen.image ?? `${trimEndOf(chosen.registry ?? registry, '/')}/${path}`;

/** The inputs that help where nodes cannot pull the image. */
export const imageAdvice =
  'Set `probe.registry` to a mirror that the nodes reach, or `probe.image` to an image that they have; `probe.pullSecretFrom` holds the login of a registry';

const entry = z.object({
  auth: z.optional(z.string()),
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  identitytoken: z.optional(z.string()),
  registrytoken: z.optional(z.string()),
});
const configuration = z.object({ auths: z.record(z.string(), entry) });

/** What is read as a pull secret. */
export const pullSecretKind = {
  what: 'a Docker configuration (a config.json with "auths")',
  isText: (text: string): boolean => text.startsWith('{'),
  maxBytes: 1_048_576,
} as const;

/**
 * Reads a pull secret: the text of a Docker configuration.
 * @param secret registers what must never be shown
 * @throws {UserError} where it is none; the message holds nothing of it
 */
export const parsePullSecret = (text: string, secret: (value: string) => void): string => {
  const wrong = (why: string): UserError => {
    likelySecrets(text).forEach(secret);
    return new UserError([
      `"probe.pullSecretFrom" is no Docker configuration: ${why}. Give env:NAME or the path of a config.json with "auths".`,
    ]);
  };
  let raw: unknown;
  try {
    raw = readJson(text);
  } catch {
    throw wrong('it is not JSON');
  }
  const parsed = configuration.safeParse(raw);
  if (!parsed.success || Object.keys(parsed.data.auths).length === 0) throw wrong('it holds no "auths"');
  for (const { auth, password, identitytoken, registrytoken } of Object.values(parsed.data.auths)) {
    for (const value of [auth, password, identitytoken, registrytoken]) if (value !== undefined && value !== '') secret(value);
    // The part behind the colon is the password.
    const decoded = Buffer.from(auth ?? '', 'base64').toString('utf8');
    const after = decoded.slice(decoded.indexOf(':') + 1);
    if (decoded.includes(':') && after !== '') secret(after);
  }
  // Credential helpers are programs of this machine, and nothing to a cluster.
  return JSON.stringify({ auths: parsed.data.auths });
};
