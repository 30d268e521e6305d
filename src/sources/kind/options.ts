import { UserError } from '../../model/errors.js';
import { kindReleases } from './releases.js';

/** What a user can ask of a kind cluster. */
export interface KindOptions {
  /** What the cluster's name begins with; the rest makes it unique to the run. */
  readonly name?: string | undefined;
  /** The path of a kind configuration; without it three nodes in three zones. */
  readonly config?: string | undefined;
  /** `1.36` for the newest known patch, or a patch such as `v1.36.4`. */
  readonly kubernetesVersion?: string | undefined;
  /** A node image, best with its digest. */
  readonly image?: string | undefined;
  /** The version of kind: it is installed if the one on the PATH is another. */
  readonly kindVersion?: string | undefined;
  /** How long creating the cluster and its becoming ready may take together, in milliseconds; the installation of kind is not part of it. */
  readonly waitMs: number;
  /** Leaves the cluster and its kubeconfig when the source is closed: a later step, or the post step, gives them back. */
  readonly keep?: boolean | undefined;
}

export const defaultPrefix = 'scs-kaas';
/** kind appends `-control-plane` and the like, and a host name ends at 64 characters (pkg/cluster/internal/create/create.go). */
const longestName = 50;
const longestPrefix = 20;

/** `v1.36.4` or `1.36` in numbers; absent where it is no version. */
export const parseKindVersion = (text: string): { readonly minor: string; readonly patch?: string | undefined } | undefined => {
  const match = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const minor = `${match[1] ?? ''}.${match[2] ?? ''}`;
  return { minor, patch: match[3] && `${minor}.${match[3]}` };
};

/** Takes a leading `v` away: kind's releases are known by their numbers. */
export const bareVersion = (version: string): string => version.replace(/^v/, '');

const quoted = (value: string): string => JSON.stringify(value.slice(0, 80));

/** Every problem of the options that can be found without a look at the machine. */
export const optionProblems = (options: KindOptions): readonly string[] => {
  const problems: string[] = [];
  const { name, config, kubernetesVersion, image, kindVersion, waitMs } = options;
  if (name !== undefined && !(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= longestPrefix))
    problems.push(
      `The name ${quoted(name)} of the kind cluster is not usable: at most ${longestPrefix} lower-case letters, digits and dashes, no dash at the ends.`,
    );
  if (config !== undefined && (config === '' || config.startsWith('-') || config.includes('\0')))
    problems.push(`"kind-config" is ${quoted(config)}, which is no path of a file; write ./ in front of a name that begins with a dash.`);
  if (kubernetesVersion !== undefined && parseKindVersion(kubernetesVersion) === undefined)
    problems.push(`"kubernetes-version" is ${quoted(kubernetesVersion)}, which is no version; write for example 1.36 or 1.36.4.`);
  if (image !== undefined && !/^[a-z0-9][a-zA-Z0-9._/:@-]{0,500}$/.test(image))
    problems.push(`"kind.image" is ${quoted(image)}, which is no image; write for example kindest/node:v1.36.4@sha256:….`);
  if (image !== undefined && kubernetesVersion !== undefined)
    problems.push('"kubernetes-version" and "kind.image" are both given; the image decides the version, so give one.');
  if (kindVersion !== undefined && !/^v?\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(kindVersion))
    problems.push(
      `"kind.version" is ${quoted(kindVersion)}, which is no version of kind; known ones are ${kindReleases.map((r) => r.version).join(', ')}.`,
    );
  if (!Number.isFinite(waitMs) || waitMs <= 0) problems.push('The time that a kind cluster may take must be more than nothing.');
  return problems;
};

/**
 * Checks the options.
 * @throws {UserError} with every problem at once
 */
export const checkOptions = (options: KindOptions): void => {
  const problems = optionProblems(options);
  if (problems.length > 0) throw new UserError(problems);
};

/**
 * A name for the cluster of this run. The workflow run's number and attempt are for people who look at a machine; what makes it unique is the
 * random part: steps and matrix jobs of one run share everything else that the environment tells.
 * @param random eight hexadecimal digits
 */
export const clusterName = (prefix: string, env: Readonly<Record<string, string | undefined>>, random: string): string => {
  const number = (value: string | undefined, digits: number): string[] =>
    value !== undefined && value.length <= digits && /^\d+$/.test(value) ? [value] : [];
  return [prefix, ...number(env['GITHUB_RUN_ID'], 12), ...number(env['GITHUB_RUN_ATTEMPT'], 4), random].join('-');
};

/** Whether a name can be one that `clusterName` made: nothing else is ever deleted. */
export const isOwnName = (name: string): boolean => name.length <= longestName && /^[a-z0-9][a-z0-9-]*-[0-9a-f]{8}$/.test(name);
