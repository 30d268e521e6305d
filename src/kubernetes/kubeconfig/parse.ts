import { readJson } from '../../text/read-json.js';
import { hideProxyPassword } from '../../system/proxy.js';
import { readYaml } from '../../text/read-yaml.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { documentSchema, type KubeconfigDocument } from './document.js';

/** A kubeconfig, or the problem with it: one sentence without anything of its contents. */
export type Parsed =
  | {
      readonly document: KubeconfigDocument;
      /** The text holds further YAML documents, of which nothing was read. */
      readonly several: boolean;
    }
  | { readonly problem: string };

const secretName = /token|secret|password|passwd|credential|(^|[_-])key|apikey/i;

/** What such a name says of a value that is none: where a secret lies, or of which kind it is. */
const aboutSecret = /(?:file|path|dir|directory|url|uri|type|mode|storage|ttl)$/i;
const namesSecret = (name: string): boolean => secretName.test(name) && !aboutSecret.test(name);

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const asText = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const hideExec = (exec: Readonly<Record<string, unknown>>, secrets: Secrets): void => {
  for (const { name, value } of asList(exec['env']).map(asRecord)) if (namesSecret(asText(name) ?? '')) secrets.add(asText(value));
  asList(exec['args']).forEach((arg, i, args) => {
    const [, option = '', value] = /^(--?[^=]+)(?:=([\s\S]+))?$/.exec(asText(arg) ?? '') ?? [];
    if (namesSecret(option)) secrets.add(value ?? asText(args[i + 1]));
  });
};

/** Hides every secret of every user before the file is looked at any further, whatever else is wrong with it. */
const hideSecrets = (raw: unknown, secrets: Secrets): void => {
  for (const user of asList(asRecord(raw)['users']).map((entry) => asRecord(asRecord(entry)['user']))) {
    for (const key of ['token', 'password', 'client-key-data', 'client-certificate-data']) secrets.add(asText(user[key]));
    const provider = asRecord(asRecord(user['auth-provider'])['config']);
    for (const [key, value] of Object.entries(provider)) if (secretName.test(key)) secrets.add(asText(value));
    hideExec(asRecord(user['exec']), secrets);
  }
  for (const cluster of asList(asRecord(raw)['clusters']).map((entry) => asRecord(asRecord(entry)['cluster']))) {
    const proxy = asText(cluster['proxy-url']);
    if (proxy !== undefined) hideProxyPassword(proxy, secrets);
  }
};

interface Raw {
  readonly raw: unknown;
  readonly several: boolean;
}

/** The first document, as kubectl reads it. */
const fromYaml = (text: string): { readonly problem: string } | Raw => {
  const read = readYaml(text);
  if ('documents' in read) return { raw: read.documents[0], several: read.documents.length > 1 };
  const inOneLine =
    !text.trim().includes('\n') && /[\w"'}\]] +(?:apiVersion|kind|clusters|contexts|users|current-context|preferences): /.test(text);
  return { problem: inOneLine ? 'it is no valid YAML, line 1: its line breaks are lost' : (read.problems[0] ?? '') };
};

const fromJson = (text: string): Raw | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return { raw: readJson(text), several: false };
  } catch {
    return undefined;
  }
};

/**
 * Parses the text of one kubeconfig, YAML or JSON.
 * @param secrets is told of every credential in it
 */
export const parseKubeconfig = (text: string, secrets: Secrets): Parsed => {
  if (text.trim() === '') return { problem: 'it is empty' };
  const read = fromJson(text) ?? fromYaml(text);
  if (!('raw' in read)) return read;
  hideSecrets(read.raw, secrets);
  if (typeof read.raw !== 'object' || read.raw === null || Array.isArray(read.raw))
    return { problem: 'it is no kubeconfig (a mapping with clusters, contexts and users)' };
  const parsed = documentSchema.safeParse(read.raw);
  if (parsed.success) return { document: parsed.data, several: read.several };
  const wrong = parsed.error.issues.slice(0, 5).map((issue) => {
    const where = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step).slice(0, 60)}`)).join('');
    return `${where.slice(1)} must be ${issue.code === 'invalid_type' ? `of type ${issue.expected}` : 'something else'}`;
  });
  return { problem: wrong.join(', ') };
};
