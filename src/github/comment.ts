import { reasonOf } from '../model/errors.js';
import { ApiError } from './api-error.js';
import { GitHubApi, wait, type Delay } from './client.js';
import { permissionReason, skipReason } from './comment-reasons.js';
import type { RunEvent } from './event.js';
import { sectionKey, toFingerprint } from './sections.js';
import { Synchroniser, type CommentResult } from './synchroniser.js';

/** This job's part of the comment. */
export interface CommentContent {
  /** The section's text in falling size. */
  readonly variants: readonly string[];
  /** What counts as a change. */
  readonly fingerprint: string;
}

export interface CommentOptions {
  readonly event: RunEvent;
  /** The input `comment-key`, or the job's id. */
  readonly key: string;
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of one request. */
  readonly timeoutMs?: number | undefined;
  readonly delay?: Delay | undefined;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
  /** Takes secrets out of what the server said. */
  readonly hide?: ((text: string) => string) | undefined;
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
  const own = { key: sectionKey(options.key), fingerprint: toFingerprint(content.fingerprint), variants: content.variants };
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
