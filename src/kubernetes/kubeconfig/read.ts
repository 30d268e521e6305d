import { delimiter, dirname, join, resolve } from 'node:path';
import { UserError } from '../../model/errors.js';
import { likelySecrets } from '../../text/likely-secrets.js';
import { looksLikePath, notShown } from '../../text/path-or-text.js';
import { hideUnknown, unwrap, type TextKind } from '../../system/path-or-text.js';
import { readTextFile } from '../../system/text-file.js';
import type { Secrets } from '../../text/connection-secrets.js';
import { parseKubeconfig, type Parsed } from './parse.js';
import type { KubeconfigDocument } from './document.js';

/** A kubeconfig, and the directory that its relative paths start from; none where it came as text. */
export interface Loaded {
  readonly document: KubeconfigDocument;
  readonly directory?: string | undefined;
}

/** What reading takes of its surroundings. */
export interface ReadContext {
  readonly home: string | undefined;
  /** Told of every credential, before anything else happens. */
  readonly secrets: Secrets;
  readonly log: (line: string) => void;
}

/** A key that a kubeconfig has at its top level. */
const key = /^\s*(["']?)(?:apiVersion|kind|clusters|contexts|users|current-context|preferences)\1\s*:/;

const kind: TextKind = {
  what: 'a kubeconfig',
  // By its first line: quotes or a name before it do not belong to the text.
  isText: (text) => /^\s*\{/.test(text) || key.test(text.split('\n').find((line) => !/^\s*(?:#|---|%YAML|$)/.test(line)) ?? ''),
  // A kubeconfig of a thousand clusters is smaller.
  maxBytes: 16 * 1024 * 1024,
};

/** Takes a kubeconfig out of what it was wrapped in; one that begins with something unknown too. */
const kubeconfigText = (value: string, secrets: Secrets): string | undefined =>
  unwrap(value, kind, secrets.add) ??
  unwrap(value, { ...kind, isText: (text) => text.split('\n').some((line) => key.test(line)) }, secrets.add);

/** `~/` is a shell's, and inputs of an action pass through none: people write it all the same. */
const splitPaths = (value: string, home: string | undefined): readonly string[] =>
  value
    .split(delimiter)
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => (home !== undefined && /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path));

/** Hides what a text probably holds where nobody could read it as a kubeconfig. */
const parseOne = (text: string, { secrets, log }: ReadContext, name: string): Parsed => {
  const parsed = parseKubeconfig(text, secrets);
  const several = 'document' in parsed && parsed.several;
  if ('problem' in parsed || several) likelySecrets(text).forEach(secrets.add);
  if (several) log(`${name} holds several YAML documents; the first one is used, as kubectl does`);
  return parsed;
};

const advice = 'Set the input "kubeconfig" (or KUBECONFIG) to a file that exists and that you may read.';

/**
 * Reads the files at several paths. A missing or an empty file among several is passed over, as kubectl does; a file that is alone must be there.
 * @param shown whether the paths may be shown
 * @param neither the error where there is nothing at paths that may not be shown
 * @throws {UserError} with every problem
 */
export const readKubeconfigFiles = async (
  paths: readonly string[],
  context: ReadContext,
  { shown, neither }: { readonly shown: boolean; readonly neither?: string | undefined },
): Promise<readonly Loaded[]> => {
  const problems: string[] = [];
  const missing: string[] = [];
  const loaded: Loaded[] = [];
  // At once: each may be a pipe that somebody has to write into.
  const texts = await Promise.all(paths.map(async (path) => ({ path, read: await readTextFile(path, kind) })));
  if (neither !== undefined && !shown && texts.every(({ read }) => 'missing' in read && read.missing)) throw new UserError([neither]);
  for (const { path, read } of texts) {
    const name = `The kubeconfig at ${shown ? path : notShown}`;
    if ('problem' in read) {
      (read.missing ? missing : problems).push(`Cannot read the kubeconfig at ${shown ? path : notShown}: ${read.problem}. ${advice}`);
      continue;
    }
    if (read.text.trim() === '') {
      missing.push(`${name} cannot be used: it is empty.`);
      continue;
    }
    const parsed = parseOne(kubeconfigText(read.text, context.secrets) ?? read.text, context, name);
    if ('problem' in parsed) problems.push(`${name} cannot be used: ${parsed.problem}.`);
    else loaded.push({ document: parsed.document, directory: dirname(resolve(path)) });
  }
  if (loaded.length === 0 || problems.length > 0) throw new UserError([...problems, ...(loaded.length === 0 ? missing : [])]);
  if (missing.length > 0) context.log(`passed over ${missing.length} of ${paths.length} kubeconfig files that do not exist or are empty`);
  return loaded;
};

/**
 * Reads a value that is the text of a kubeconfig, a path, or several paths.
 * @param source what holds the value: "the input …" or "the variable …"
 * @returns nothing where the value names no path at all
 * @throws {UserError} with every problem; the value is repeated only where it looks like a path
 */
export const readKubeconfigValue = async (value: string, source: string, context: ReadContext): Promise<readonly Loaded[]> => {
  const { secrets, home } = context;
  const text = kubeconfigText(value, secrets);
  if (text !== undefined) {
    const parsed = parseOne(text, context, 'The kubeconfig given as text');
    if ('document' in parsed) return [{ document: parsed.document }];
    throw new UserError([
      `The kubeconfig given as text cannot be used: ${parsed.problem}. Set ${source} to the output of "kubectl config view --raw --flatten".`,
    ]);
  }
  hideUnknown(value, secrets.add);
  const paths = splitPaths(value, home);
  return paths.length === 0
    ? []
    : readKubeconfigFiles(paths, context, {
        shown: looksLikePath(value),
        neither: `T${source.slice(1)} holds neither a kubeconfig nor the path of one. Its value may be a secret and is not repeated. Set it to the path of a file that exists, or to the output of "kubectl config view --raw --flatten", as it is or in base64: a copy that lacks a character cannot be read.`,
      });
};
