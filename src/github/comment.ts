import { reasonOf } from '../model/errors.js';
import { ApiError } from './api-error.js';
import { GitHubApi, wait, type ApiOptions } from './client.js';
import { permissionReason, skipReason } from './comment-reasons.js';
import type { RunEvent } from './event.js';
import { sectionKey, toFingerprint, type OwnSection } from './sections.js';
import { Synchroniser, type CommentResult } from './synchroniser.js';

/** This job's part of the comment. */
export type CommentContent = Omit<OwnSection, 'key'>;

export interface CommentOptions extends Pick<ApiOptions, 'signal' | 'timeoutMs' | 'delay' | 'hide' | 'env' | 'secret'> {
  readonly event: RunEvent;
  /** The input `report-key`, or the job's id. */
  readonly key: string;
  readonly token?: string | undefined;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
}

const findPullRequest = async (api: GitHubApi, event: RunEvent): Promise<number | undefined> => {
  if (event.pullRequest !== undefined) return event.pullRequest.number;
  const some = event.followedRun === undefined || event.followedRun.headBranch === '' ? [] : await api.openPullRequests(event.followedRun);
  return some.length === 1 ? some[0] : undefined;
};

/**
 * Brings this job's section into the one comment on the pull request: creates the comment, updates it where the section's fingerprint
 * changed, else leaves it alone. Several jobs may do so at once. Never throws, and waits at most about a minute for a server that asks for it.
 * @param content texts without secrets
 */
export const deliverComment = async (content: CommentContent, options: CommentOptions): Promise<CommentResult> => {
  const { event, token, delay = wait, random = Math.random, signal } = options;
  const skipped = skipReason(event, token);
  if (skipped !== undefined || token === undefined || event.repository === undefined || 'problem' in event.api)
    return { status: 'skipped', reason: skipped ?? '' };
  const api = new GitHubApi({ ...options, token, apiUrl: event.api.url, repository: event.repository });
  const own = { ...content, key: sectionKey(options.key), fingerprint: toFingerprint(content.fingerprint) };
  try {
    const number = await findPullRequest(api, event);
    if (number === undefined)
      return { status: 'skipped', reason: 'no open pull request, or more than one, has the commit that this workflow run followed' };
    return await new Synchroniser(api, number, own, { event, delay, random, signal }).run();
  } catch (error) {
    return error instanceof ApiError
      ? permissionReason(error, event)
      : { status: 'failed', reason: `the comment could not be written: ${reasonOf(error)}` };
  } finally {
    await api.close();
  }
};
