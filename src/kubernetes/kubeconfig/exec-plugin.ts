import * as z from 'zod/mini';
import { UserError } from '../../model/errors.js';
import { runProgram, type Ended } from '../../system/run-program.js';
import { clip, plainText } from '../../text/escape.js';
import { headAndTail } from '../../text/head-and-tail.js';
import { readJson } from '../../text/read-json.js';
import { trimEndOf } from '../../text/trim.js';
import type { Credentials } from '../http/client.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { complaintOf } from './complaint.js';
import { checkPair, isSendable, placePath } from './material.js';
import { text, type ClusterEntry, type ExecEntry, type Placed } from './document.js';
import { withoutValues } from '../../text/without-values.js';

/** Credentials of a plugin, and until when they are good. */
export interface Issued {
  readonly credentials: Credentials;
  readonly expires?: Date | undefined;
}

/** What running a plugin takes. */
export interface PluginContext {
  readonly exec: Placed<ExecEntry>;
  readonly cluster: Placed<ClusterEntry>;
  /** PEM of the cluster's CA, also where the kubeconfig names a file. */
  readonly ca?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
}

/** What a plugin prints (`client.authentication.k8s.io`, `ExecCredential`); client-node has no types of it that it checks. */
const execCredentialSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({ token: text, clientCertificateData: text, clientKeyData: text, expirationTimestamp: text }),
});

const group = 'client.authentication.k8s.io';
const versions = [`${group}/v1`, `${group}/v1beta1`];
/** The extension of a cluster entry that is meant for its plugins. */
const extensionName = `${group}/exec`;
/** What is kept of the beginning and of the end of a complaint, in characters. */
const maxSaid = 4 * 1024;

/** What the plugin learns of the run and of the cluster (`KUBERNETES_EXEC_INFO`). */
const execInfo = ({ exec, cluster, ca }: PluginContext): string => {
  const { entry } = cluster;
  const config = entry.extensions.find((e) => e.name === extensionName)?.extension;
  const told = {
    server: entry.server,
    'tls-server-name': entry['tls-server-name'],
    'insecure-skip-tls-verify': entry['insecure-skip-tls-verify'],
    'certificate-authority-data': ca === undefined ? undefined : Buffer.from(ca, 'utf8').toString('base64'),
    'proxy-url': entry['proxy-url'],
    'disable-compression': entry['disable-compression'],
    config,
  };
  const spec = { interactive: false, ...(exec.entry.provideClusterInfo === true ? { cluster: told } : {}) };
  return JSON.stringify({ apiVersion: exec.entry.apiVersion, kind: 'ExecCredential', spec });
};

/** The environment of a plugin: ours without the inputs of the action, which hold tokens that are none of its business, and its own. */
const environmentOf = (context: PluginContext): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(context.env).flatMap(([name, value]) => (value === undefined || name.startsWith('INPUT_') ? [] : [[name, value]])),
  ),
  ...Object.fromEntries(context.exec.entry.env.map(({ name, value }) => [name, value])),
  KUBERNETES_EXEC_INFO: execInfo(context),
});

/** A bare name is looked up on the PATH; one with a slash starts from the kubeconfig's directory, as in client-go. */
const commandOf = (exec: Placed<ExecEntry>): string => {
  const command = exec.entry.command ?? '';
  return /[/\\]/.test(command) ? (placePath(command, exec) ?? '') : command;
};

const failed = (context: PluginContext, what: string, advice = 'Run it by hand on this machine to see what it wants.'): UserError =>
  new UserError([`The credential plugin "${context.exec.entry.command ?? ''}" ${what}. ${advice}`.trim()]);

const hintOf = (exec: ExecEntry, secrets: Secrets): string => {
  const hint = clip(plainText(withoutValues(secrets.blank(exec.installHint ?? ''))), 500);
  return hint === '' ? 'Install it, or use a kubeconfig with a token or a certificate.' : `Its kubeconfig says: ${hint}`;
};

const outputOf = (context: PluginContext, ended: Ended, stderr: string): string => {
  const { exec, secrets, timeoutMs } = context;
  const said = complaintOf(stderr, secrets.blank, exec.entry);
  const andSaid = said === '' ? '' : ` and said: ${trimEndOf(said, '.')}`;
  switch (ended.how) {
    case 'not-started':
      if (ended.error === 'ENOENT') throw failed(context, 'was not found', hintOf(exec.entry, secrets));
      throw failed(
        context,
        `could not be started (${ended.error ?? 'unknown'})`,
        ended.error === 'EACCES' ? 'Make it executable (chmod +x).' : undefined,
      );
    case 'timeout':
      throw failed(
        context,
        `did not finish within ${timeoutMs / 1_000} s${andSaid}`,
        'It may wait for someone to log in; that cannot happen here. Log in before this step, or use a service account.',
      );
    case 'stopped':
      throw failed(context, 'was stopped, because the run was cancelled or its deadline passed', '');
    case 'too-much-output':
      throw failed(context, 'printed more than a credential');
    case 'exit':
      if (ended.code === 0) return ended.stdout;
      throw failed(
        context,
        `${ended.code === undefined ? `was ended by ${ended.signal ?? 'a signal'}` : `ended with exit code ${ended.code}`}${andSaid}`,
      );
  }
};

const parseOutput = (context: PluginContext, stdout: string) => {
  let raw: unknown;
  try {
    raw = readJson(stdout);
  } catch {
    // Its text is not shown, nor kept as a cause: it may hold a token.
    throw failed(context, 'printed something that is not JSON');
  }
  const parsed = execCredentialSchema.safeParse(raw);
  if (!parsed.success) throw failed(context, 'printed JSON that is no ExecCredential with a status');
  return parsed.data;
};

const expiryOf = (context: PluginContext, timestamp: string | undefined): Date | undefined => {
  if (timestamp === undefined) return undefined;
  const expires = new Date(timestamp);
  if (Number.isNaN(expires.getTime())) throw failed(context, 'printed an expirationTimestamp that is no date');
  if (expires.getTime() <= Date.now())
    throw failed(
      context,
      `issued a credential that had expired already (${expires.toISOString()})`,
      "Check this machine's clock, and log in again.",
    );
  return expires;
};

const toIssued = (context: PluginContext, stdout: string): Issued => {
  const { apiVersion, status } = parseOutput(context, stdout);
  const { token, clientCertificateData: certificate, clientKeyData: key } = status;
  for (const value of [token, certificate, key]) context.secrets.add(value);
  const wanted = context.exec.entry.apiVersion;
  if (apiVersion !== wanted)
    throw failed(
      context,
      `answered in ${versions.includes(apiVersion) ? apiVersion : 'another version'}, and the kubeconfig asks for ${wanted ?? ''}`,
      'Set apiVersion of the exec entry to what the plugin speaks.',
    );
  if ((certificate === undefined) !== (key === undefined))
    throw failed(context, 'issued a certificate without its key, or a key without its certificate');
  if (token === undefined && certificate === undefined) throw failed(context, 'issued neither a token nor a certificate');
  if (token !== undefined && !isSendable(token)) throw failed(context, 'issued a token with characters that no token has');
  const wrong =
    certificate !== undefined && key !== undefined
      ? checkPair(certificate, key, `the credential plugin "${context.exec.entry.command ?? ''}"`)
      : undefined;
  if (wrong !== undefined) throw new UserError([wrong]);
  return {
    credentials: {
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      ...(certificate === undefined || key === undefined ? {} : { certificate: { certificate, key } }),
    },
    expires: expiryOf(context, status.expirationTimestamp),
  };
};

/** What makes an exec entry unusable before its program is started. */
const checkEntry = ({ exec }: PluginContext): readonly string[] => {
  const { apiVersion, command, interactiveMode } = exec.entry;
  return [
    ...(command === undefined ? ['The exec entry of the user names no command; correct it in the kubeconfig.'] : []),
    ...(commandOf(exec) === '' && command !== undefined
      ? [
          `The credential plugin "${command}" has a relative path, but the kubeconfig was given as text; give the kubeconfig as a file, or the command by its name on the PATH.`,
        ]
      : []),
    ...(versions.includes(apiVersion ?? '')
      ? []
      : [
          `The exec entry of the user asks for ${apiVersion ?? 'no apiVersion'}; ${versions.join(' and ')} are supported: update the plugin and fetch a fresh kubeconfig.`,
        ]),
    ...(interactiveMode === 'Always'
      ? [
          `The credential plugin "${command ?? ''}" wants to ask someone (interactiveMode: Always), which cannot happen here; use a service account.`,
        ]
      : []),
  ];
};

/**
 * Runs an exec plugin (KEP-541, `client.authentication.k8s.io` v1 and v1beta1).
 * What it issues is hidden before anything else is done with it; what it prints is never shown, but for what `complaintOf` leaves of its complaint.
 * @throws {UserError} saying what to do
 */
export const issueByPlugin = async (context: PluginContext): Promise<Issued> => {
  const problems = checkEntry(context);
  if (problems.length > 0) throw new UserError(problems);
  const said = headAndTail(maxSaid);
  const ended = await runProgram({
    file: commandOf(context.exec),
    args: context.exec.entry.args ?? [],
    env: environmentOf(context),
    timeoutMs: context.timeoutMs,
    stop: context.signal,
    onStderr: said.add,
  });
  return toIssued(context, outputOf(context, ended, said.text()));
};
