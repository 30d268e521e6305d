import { limits } from '../model/limits.js';
import { ApiError } from './api-error.js';
import { identityOf, isOurs, type Identity } from './author.js';
import type { Delay, GitHubApi, IssueComment } from './client.js';
import type { RunEvent } from './event.js';
import { composeComment, isMarked, parseSections, type OwnSection, type Section } from './sections.js';

/**
 * GitHub has no conditional update: of two jobs that read the comment at once, the second to write takes away what the first wrote. So
 * after writing each looks again, and is done when the comment holds its section and was the same for a whole settle time: whoever
 * writes later has then read it. That holds as long as reading and writing take a job less than this. In milliseconds.
 */
const settleMs = 1_500;
const maxWrites = 10;
const maxLooks = 40;
/** Looks after a creation of which nobody knows whether it arrived. */
const maxBlankLooks = 3;

/** The oldest comment is the one that stays. */
const byAge = (a: IssueComment, b: IssueComment): number => a.createdAt.localeCompare(b.createdAt) || a.id - b.id;
const byUpdate = (a: IssueComment, b: IssueComment): number => a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id;

/** The sections of all our comments; where a key is in several, the comment that was changed last counts. */
const mergeSections = (comments: readonly IssueComment[]): ReadonlyMap<string, Section> =>
  new Map([...comments].sort(byUpdate).flatMap((comment) => [...parseSections(comment.body)]));

interface Options {
  readonly event: RunEvent;
  readonly delay: Delay;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of the comment. A comment that could not be written fails no job. */
export interface CommentResult {
  readonly status: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';
  readonly url?: string | undefined;
  /** One sentence: why it was skipped or failed and what to do, or what to know beside the success. */
  readonly reason?: string | undefined;
}

/** Keeps one section up to date in the one comment of a pull request. A run creates at most one comment, whatever the API shows afterwards. */
export class Synchroniser {
  /** Who we are; absent until it was asked. */
  #me: { readonly identity: Identity | undefined } | undefined;
  #wrote: 'created' | 'updated' | undefined;
  #writes = 0;
  #blankLooks = 0;
  /** The body at the last look, a settle time ago. */
  #seen: string | undefined;
  #limit: number = limits.commentCharacters;
  /** True from the first creation on that may have arrived. */
  #spent = false;
  /** Why nobody knows whether it arrived. */
  #doubt: ApiError | undefined;
  /** The comment that we wrote last, as the API answered. */
  #last: IssueComment | undefined;
  /** True where the list lacks the comment that is there. */
  #unlisted = false;
  /** Comments that the API called gone when they were to be written: a list may show them for a while. */
  readonly #gone = new Set<number>();

  constructor(
    private readonly api: GitHubApi,
    private readonly number: number,
    private own: OwnSection,
    private readonly options: Options,
  ) {}

  async run(): Promise<CommentResult> {
    let before: string | undefined;
    let url: string | undefined;
    for (let look = 0; look < maxLooks; look++) {
      const comments = await this.#ours();
      const sections = mergeSections(comments);
      const [kept, ...duplicates] = comments;
      const mine = sections.get(this.own.key)?.fingerprint;
      if (look === 0) before = mine;
      url = kept?.url ?? url;
      if (kept !== undefined && mine === this.own.fingerprint && this.#holdsAll(kept, sections)) {
        if (this.#wrote === undefined && duplicates.length === 0) return this.#done('unchanged', kept);
        if (kept.body === this.#seen && duplicates.length === 0) return this.#done(this.#wrote ?? 'unchanged', kept);
        if (kept.body === this.#seen) await this.#remove(duplicates);
        this.#seen = kept.body;
      } else if (kept === undefined && this.#spent) {
        if (this.#doubt === undefined || this.#blankLooks++ === maxBlankLooks) return this.#lost(url);
      } else {
        if (kept !== undefined && this.#isTaken(mine, before)) return this.#taken(kept);
        if (this.#writes++ === maxWrites) break;
        const altered = await this.#write(kept, sections);
        if (altered !== undefined) return altered;
      }
      await this.#settle();
    }
    const reason = 'other jobs kept writing the comment at the same time, and this job’s section may be missing in it; run the job again';
    return { status: 'failed', url, reason };
  }

  #done(status: CommentResult['status'], { url }: IssueComment): CommentResult {
    const reason = 'the API does not list the comment, although it is there: the next run cannot find it either, and may write another one';
    return { status, url, reason: this.#unlisted ? reason : undefined };
  }

  /** The one creation was carried out, or may have been, and there is nothing to show for it. */
  #lost(url: string | undefined): CommentResult {
    const reason =
      this.#doubt === undefined
        ? 'the comment was created and is gone again: somebody or a filter of the forge removed it; a run writes no second one'
        : `it is not known whether the comment was created, and the API does not list it; a run tries once, so run the job again [${this.#doubt.message}]`;
    return { status: 'failed', url, reason };
  }

  /** Marked comments of ours that are not hidden, the oldest first. */
  async #ours(): Promise<readonly IssueComment[]> {
    const isUsable = (comment: IssueComment): boolean => isMarked(comment.body) && !comment.minimized && !this.#gone.has(comment.id);
    const marked = (await this.api.listComments(this.number)).filter(isUsable);
    if (marked.length > 0) this.#me ??= { identity: await this.api.identity(this.options.event.forge) };
    const listed = marked.filter(
      (comment) => comment.id === this.#last?.id || isOurs(comment, this.#me?.identity, this.options.event.forge),
    );
    return [...(await this.#withLast(listed))].filter(isUsable).sort(byAge);
  }

  /** A list may lag behind, or come out of a cache: where it lacks what we wrote last, the comment itself tells. */
  async #withLast(listed: readonly IssueComment[]): Promise<readonly IssueComment[]> {
    const last = this.#last;
    if (last === undefined) return listed;
    const shown = listed.find(({ id }) => id === last.id);
    this.#unlisted = false;
    if (shown !== undefined && parseSections(shown.body).get(this.own.key)?.fingerprint === this.own.fingerprint) return listed;
    const others = listed.filter(({ id }) => id !== last.id);
    const now = await this.api.getComment(last.id).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      // It was there when it was written, and nothing says otherwise.
      return last;
    });
    if (now === undefined) {
      this.#gone.add(last.id);
      this.#last = undefined;
      return others;
    }
    this.#unlisted = shown === undefined;
    return [...others, now];
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
    const reason = `another job writes the section "${this.own.key}" of the comment as well; give each job its own "report-key"`;
    return { status: this.#wrote ?? 'updated', url: kept.url, reason };
  }

  /** @returns a result where writing more is of no use */
  async #write(kept: IssueComment | undefined, sections: ReadonlyMap<string, Section>): Promise<CommentResult | undefined> {
    const others = [...sections.values()].filter((section) => section.key !== this.own.key);
    const body = composeComment(others, this.own, this.#limit);
    if (body === undefined)
      throw new ApiError('too-long', `the comment holds ${others.length} sections of other jobs and has no space for one more`);
    try {
      const saved = kept === undefined ? await this.api.createComment(this.number, body) : await this.api.updateComment(kept.id, body);
      this.#wrote ??= kept === undefined ? 'created' : 'updated';
      this.#spent ||= kept === undefined;
      [this.#seen, this.#last, this.#doubt] = [saved.body, saved, undefined];
      this.#me = { identity: identityOf(saved) };
      if (parseSections(saved.body).has(this.own.key)) return undefined;
      const reason = 'the forge changes the text of comments, so that the next run cannot find this one and may write another one';
      return { status: this.#wrote, url: saved.url, reason };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#recover(error, kept);
      return undefined;
    }
  }

  /** After a write that failed everything is looked at again before the next one: it may have arrived, and others may have written. */
  async #recover(error: ApiError, kept: IssueComment | undefined): Promise<void> {
    // Somebody deleted the comment in between.
    if (error.problem === 'not-found' && kept !== undefined) {
      this.#gone.add(kept.id);
      return;
    }
    if (error.problem === 'too-long' && this.#limit === limits.commentCharacters) {
      this.#limit = Math.floor(limits.commentCharacters / 2);
      this.own = { ...this.own, variants: this.own.variants.slice(-1) };
      return;
    }
    if (kept === undefined && error.doubtful) [this.#spent, this.#doubt] = [true, error];
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
