import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { printablePath } from '../../text/path-or-text.js';
import { hideUnknown } from '../../system/path-or-text.js';
import { readTextFile } from '../../system/text-file.js';
import { fromBase64, type Secrets } from '../../text/connection-secrets.js';
import type { Placed } from './document.js';

/** Where the problems of one kubeconfig are gathered, so that they are told together. */
export type Problems = string[];

/** A path in a kubeconfig starts from the directory of its own file. */
export const placePath = (path: string, placed: Placed<unknown>): string | undefined =>
  isAbsolute(path) ? path : placed.directory === undefined ? undefined : resolve(placed.directory, path);

/** A text in base64, as a kubeconfig holds it; undefined without one. */
export const toBase64 = (text: string | undefined): string | undefined => text && Buffer.from(text, 'utf8').toString('base64');

/** What an HTTP header can carry; anything else comes from a broken copy. */
export const isSendable = (token: string): boolean => /^[\x21-\x7e]+$/.test(token);

/** Certificates, keys and tokens are small. */
const maxBytes = 1_048_576;

/** Reads a file that the kubeconfig names. What stands where a path should be may be the secret itself. */
export const readNamed = async (
  field: string,
  path: string,
  placed: Placed<unknown>,
  problems: Problems,
  secrets: Secrets,
): Promise<string | undefined> => {
  hideUnknown(path, secrets.add);
  const at = placePath(path, placed);
  if (at === undefined) {
    problems.push(
      `${field} is the relative path ${printablePath(path)}, but the kubeconfig was given as text; embed the contents with "kubectl config view --raw --flatten".`,
    );
    return undefined;
  }
  const read = await readTextFile(at, { maxBytes });
  if ('text' in read) return read.text;
  problems.push(
    `${field} names ${printablePath(path) === path ? at : printablePath(path)}, which cannot be read: ${read.problem}. Correct the path, or embed the contents with "kubectl config view --raw --flatten".`,
  );
  return undefined;
};

/**
 * PEM out of `FIELD-data` (base64) or of the file in `FIELD`; the data go first, as in client-go.
 * @param secrets hides it, but for the certificate of the CA
 */
export const readPem = async <F extends string>(
  field: F,
  placed: Placed<Readonly<Partial<Record<F | `${F}-data`, string | undefined>>>>,
  problems: Problems,
  secrets: Secrets,
): Promise<string | undefined> => {
  const { [field]: path, [`${field}-data` as const]: data } = placed.entry;
  const name = data === undefined ? field : `${field}-data`;
  const text =
    data === undefined ? (path === undefined ? undefined : await readNamed(name, path, placed, problems, secrets)) : fromBase64(data);
  if (field !== 'certificate-authority') [data, text].forEach(secrets.add);
  if (data === undefined && text === undefined) return undefined;
  if (text?.includes('-----BEGIN ') === true) return text;
  problems.push(`${name} of the kubeconfig holds no PEM${data === undefined ? '' : ' in base64'}; fetch a fresh kubeconfig.`);
  return undefined;
};

/** The certificates of a PEM text, each as PEM. */
export const splitCertificates = (pem: string, most: number): readonly string[] => {
  const begin = '-----BEGIN CERTIFICATE-----';
  const end = '-----END CERTIFICATE-----';
  const found: string[] = [];
  for (let at = pem.indexOf(begin); at !== -1 && found.length < most; at = pem.indexOf(begin, at + 1)) {
    const stop = pem.indexOf(end, at);
    if (stop === -1) break;
    found.push(pem.slice(at, stop + end.length));
  }
  return found;
};

const keyProblem = (key: string): string | undefined => {
  if (/ENCRYPTED/.test(key)) return 'is protected by a passphrase, which nobody can type here; store it without';
  try {
    createPrivateKey(key);
    return undefined;
  } catch {
    return 'is no private key that can be read';
  }
};

/** Says what is wrong with a client certificate and its key, if anything. */
export const checkPair = (certificate: string, key: string, from: string): string | undefined => {
  const unusable = keyProblem(key);
  if (unusable !== undefined) return `The client key of ${from} ${unusable}.`;
  try {
    const leaf = new X509Certificate(splitCertificates(certificate, 1)[0] ?? certificate);
    return leaf.checkPrivateKey(createPrivateKey(key))
      ? undefined
      : `The client key of ${from} does not belong to its client certificate; fetch a fresh kubeconfig.`;
  } catch {
    return `The client certificate of ${from} cannot be read; fetch a fresh kubeconfig.`;
  }
};

/** When a client certificate ends, where it has ended already. */
export const expiredOn = (certificate: string, now: Date): Date | undefined => {
  try {
    const { validToDate } = new X509Certificate(splitCertificates(certificate, 1)[0] ?? certificate);
    return validToDate < now ? validToDate : undefined;
  } catch {
    return undefined;
  }
};
