import { reasonOf } from '../model/errors.js';
import { ApiError } from './api-error.js';
import { GitHubApi, wait, type Delay, type IssueComment } from './client.js';
import type { Forge, RunEvent } from './event.js';
import { permissionReason, skipReason } from './comment-reasons.js';
import { composeComment, isMarked, parseSections, sectionKey, toFingerprint, type OwnSection, type Section } from './sections.js';
import { limits } from '../model/limits.js';

/** What became of the comment. A comment that could not be written fails no job. */
export interface CommentResult {
  readonly status: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';
  readonly url?: string;
  /** One sentence: why it was skipped or failed and what to do, or what to know beside the success. */
  readonly reason?: string;
}

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
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** Of one request. */
  readonly timeoutMs?: number;
  readonly delay?: Delay;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * GitHub has no conditional update: of two jobs that read the comment at once, the second to write takes away what the first wrote. So
 * after writing each looks again, and is done when the comment holds its section and was the same for a whole settle time: whoever
 * writes later has then read it. That holds as long as reading and writing take a job less than this. In milliseconds.
 */
const settleMs = 1_500;
const mostWrites = 10;
const mostLooks = 40;

/** The oldest comment is the one that stays. */
const byAge = (a: IssueComment, b: IssueComment): number => a.createdAt.localeCompare(b.createdAt) || a.id - b.id;
const byUpdate = (a: IssueComment, b: IssueComment): number => a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id;

/** The sections of all our comments; where a key is in several, the comment that was changed last counts. */
const mergeSections = (comments: readonly IssueComment[]): ReadonlyMap<string, Section> =>
  new Map([...comments].sort(byUpdate).flatMap((comment) => [...parseSections(comment.body)]));

const bare = (login: string): string => login.toLowerCase().replace(/\[bot\]$/, '');

/**
 * Whether a comment is by our own author. Anyone can write our marker. The suffix of a bot's login differs between REST and GraphQL;
 * a person may have the same name without it.
 */
const isOurs = (comment: IssueComment, login: string | undefined, forge: Forge): boolean => {
  if (login === undefined) return forge.jobLogins.includes(comment.login) && (forge.kind === 'gitea' || comment.authorType === 'Bot');
  return comment.authorType === 'Bot' ? bare(comment.login) === bare(login) : comment.login.toLowerCase() === login.toLowerCase();
};

/** Keeps one section up to date in the one comment of a pull request. */
class Synchroniser {
  #login: string | undefined;
  #identified = false;
  #wrote: 'created' | 'updated' | undefined;
  #writes = 0;
  /** The body at the last look, a settle time ago. */
  #seen: string | undefined;
  #limit: number = limits.commentCharacters;

  constructor(
    private readonly api: GitHubApi,
    private readonly number: number,
    private own: OwnSection,
    private readonly options: Required<Pick<CommentOptions, 'event' | 'delay' | 'random'>> & Pick<CommentOptions, 'signal'>,
  ) {}

  async run(): Promise<CommentResult> {
    let before: string | undefined;
    let url: string | undefined;
    for (let look = 0; look < mostLooks; look++) {
      const comments = await this.#ours();
      const sections = mergeSections(comments);
      const [kept, ...duplicates] = comments;
      const mine = sections.get(this.own.key)?.fingerprint;
      if (look === 0) before = mine;
      url = kept?.url;
      if (kept !== undefined && mine === this.own.fingerprint && this.#holdsAll(kept, sections)) {
        if (this.#wrote === undefined && duplicates.length === 0) return { status: 'unchanged', url: kept.url };
        if (kept.body === this.#seen && duplicates.length === 0) return { status: this.#wrote ?? 'unchanged', url: kept.url };
        if (kept.body === this.#seen) await this.#remove(duplicates);
        this.#seen = kept.body;
      } else {
        if (kept !== undefined && this.#isTaken(mine, before)) return this.#taken(kept);
        if (this.#writes++ === mostWrites) break;
        await this.#write(kept, sections);
      }
      await this.#settle();
    }
    const reason = 'other jobs kept writing the comment at the same time, and this job’s section may be missing in it; run the job again';
    return { status: 'failed', ...(url === undefined ? {} : { url }), reason };
  }

  /** Marked comments of ours that are not hidden, the oldest first. */
  async #ours(): Promise<readonly IssueComment[]> {
    const marked = (await this.api.listComments(this.number)).filter((comment) => isMarked(comment.body) && !comment.minimized);
    if (marked.length > 0 && !this.#identified) {
      this.#login = await this.api.login(this.options.event.forge.graphql);
      this.#identified = true;
    }
    return marked.filter((comment) => isOurs(comment, this.#login, this.options.event.forge)).sort(byAge);
  }

  #holdsAll(kept: IssueComment, sections: ReadonlyMap<string, Section>): boolean {
    const held = parseSections(kept.body);
    return [...sections.values()].every((section) => held.get(section.key)?.fingerprint === section.fingerprint);
  }

  /** A stale write of somebody else brings back nothing, or what stood there before: another fingerprint is another job with our key. */
  #isTaken(mine: string | undefined, before: string | undefined): boolean {
    return this.#wrote !== undefined && mine !== undefined && mine !== before && mine !== this.own.fingerprint;
  }

  #taken(kept: IssueComment): CommentResult {
    const reason = `another job writes the section "${this.own.key}" of the comment as well; give each job its own "comment-key"`;
    return { status: this.#wrote ?? 'updated', url: kept.url, reason };
  }

  async #write(kept: IssueComment | undefined, sections: ReadonlyMap<string, Section>): Promise<void> {
    const others = [...sections.values()].filter((section) => section.key !== this.own.key);
    const body = composeComment(others, this.own, this.#limit);
    if (body === undefined)
      throw new ApiError('too-long', `the comment holds ${others.length} sections of other jobs and has no space for one more`);
    try {
      const saved = kept === undefined ? await this.api.createComment(this.number, body) : await this.api.updateComment(kept.id, body);
      this.#wrote ??= kept === undefined ? 'created' : 'updated';
      this.#seen = saved.body;
      // Who wrote it is who we are, whatever else the API tells.
      this.#login = saved.login;
      this.#identified = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#recover(error, kept);
    }
  }

  /** After a write that failed everything is looked at again before the next one: it may have arrived, and others may have written. */
  async #recover(error: ApiError, kept: IssueComment | undefined): Promise<void> {
    // Somebody deleted the comment in between: the next look finds that out.
    if (error.problem === 'not-found' && kept !== undefined) return;
    if (error.problem === 'too-long' && this.#limit === limits.commentCharacters) {
      this.#limit = Math.floor(limits.commentCharacters / 2);
      this.own = { ...this.own, variants: this.own.variants.slice(-1) };
      return;
    }
    await this.api.patiently(error, this.#writes);
  }

  /** Each held section is in the comment that stays by now. What cannot be deleted does no harm. */
  async #remove(duplicates: readonly IssueComment[]): Promise<void> {
    for (const { id } of duplicates)
      await this.api.deleteComment(id).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
      });
  }

  /** Spread the wider the more often others came between. */
  async #settle(): Promise<void> {
    const spread = 1_000 * 2 ** Math.min(this.#writes, 4);
    await this.options.delay(settleMs + this.options.random() * spread, this.options.signal);
  }
}

const targetOf = async (api: GitHubApi, event: RunEvent): Promise<number | undefined> => {
  if (event.pullRequest !== undefined) return event.pullRequest.number;
  const some = event.followedRun === undefined || event.followedRun.headBranch === '' ? [] : await api.openPullRequests(event.followedRun);
  return some.length === 1 ? some[0] : undefined;
};

const toResult = (error: unknown, event: RunEvent): CommentResult => {
  if (!(error instanceof ApiError)) return { status: 'failed', reason: `the comment could not be written: ${reasonOf(error)}` };
  return permissionReason(error, event);
};

/**
 * Brings this job's section into the one comment on the pull request: creates the comment, updates it where the section's fingerprint
 * changed, else leaves it alone. Several jobs may do so at once. Never throws, and waits at most about a minute for a server that asks for it.
 * @param content texts without secrets
 */
export const deliverComment = async (content: CommentContent, options: CommentOptions): Promise<CommentResult> => {
  const { event, token, delay = wait, random = Math.random, signal } = options;
  const skipped = skipReason(event, token);
  if (skipped !== undefined || token === undefined || event.repository === undefined) return { status: 'skipped', reason: skipped ?? '' };
  const stop = signal === undefined ? {} : { signal };
  const api = new GitHubApi({
    token,
    apiUrl: event.apiUrl,
    repository: event.repository,
    delay,
    ...stop,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  const own = { key: sectionKey(options.key), fingerprint: toFingerprint(content.fingerprint), variants: content.variants };
  try {
    const number = await targetOf(api, event);
    if (number === undefined)
      return { status: 'skipped', reason: 'no open pull request, or more than one, has the commit that this workflow run followed' };
    return await new Synchroniser(api, number, own, { event, delay, random, ...stop }).run();
  } catch (error) {
    return toResult(error, event);
  }
};
