import { UserError } from '../model/errors.js';
import { ApiError } from './api-error.js';
import { GitHubApi, type ApiOptions } from './client.js';
import type { RunEvent } from './event.js';
import type { Env } from './forge.js';
import { isAboutPullRequests } from './subject.js';

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Where settings of this run may be read, if the work tree may be that of a pull request of a fork: whoever wrote it decides nothing about the check.
 * @param env `GITHUB_BASE_REF`, `GITHUB_HEAD_REF` and `GITHUB_SHA` of the run
 * @returns a commit or a branch, `''` for the default branch, or undefined if the work tree is as good
 */
export const trustedRef = ({ name, pullRequest, followedRun, repository }: RunEvent, env: Env): string | undefined => {
  // A merge queue holds what was approved.
  if (name === 'merge_group') return undefined;
  // Only runs for pull requests have this ref, also where the event file cannot be read.
  const isAbout = isAboutPullRequests(name) || Boolean(env['GITHUB_HEAD_REF']);
  if (!isAbout && pullRequest === undefined && followedRun === undefined) return undefined;
  if (pullRequest?.fromFork === false) return undefined;
  const ours = repository === undefined ? '' : `${repository.owner}/${repository.repo}`;
  if (followedRun !== undefined && ours !== '' && sameName(followedRun.headRepository, ours)) return undefined;
  const base = pullRequest?.baseSha ?? env['GITHUB_BASE_REF'];
  if (base) return base;
  // These events run on the default branch, and GITHUB_SHA is its newest commit. For a pull request it is the merge of its head.
  return /^(?:issue_comment|workflow_run|check_)/.test(name) ? (env['GITHUB_SHA'] ?? '') : '';
};

export interface TrustedFileOptions extends Pick<ApiOptions, 'signal' | 'timeoutMs' | 'delay' | 'hide' | 'env' | 'secret'> {
  readonly event: RunEvent;
  /** As `trustedRef` gives it. */
  readonly ref: string;
  readonly token: string | undefined;
}

const advice = 'Let the token read it ("permissions: contents: read"), or write the settings into the input "config" as YAML text.';

/**
 * Reads a file of this repository from a commit that is trusted.
 * @param path within the repository, with `/`
 * @returns undefined if there is no such file
 * @throws {UserError} if that is not known
 */
export const readTrustedFile = async (path: string, options: TrustedFileOptions): Promise<string | undefined> => {
  const { event, ref, token } = options;
  const problem = (why: string): string =>
    `This run may be for a pull request of a fork, so ${path} is read from the base, which failed: ${why}. ${advice}`;
  if ('problem' in event.api) throw new UserError([problem(event.api.problem)]);
  if (token === undefined) throw new UserError([problem('the input "github-token" is empty')]);
  if (event.repository === undefined) throw new UserError([problem('GITHUB_REPOSITORY is not set')]);
  const api = new GitHubApi({ ...options, token, apiUrl: event.api.url, repository: event.repository });
  try {
    return await api.getFile(path, ref === '' ? undefined : ref);
  } catch (cause) {
    if (cause instanceof ApiError) throw new UserError([problem(cause.message)], { cause });
    throw cause;
  } finally {
    await api.close();
  }
};
