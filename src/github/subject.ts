import * as z from 'zod/mini';

/** A pull request, as far as the comment needs it. */
interface PullRequest {
  readonly number: number;
  /** Its newest commit; absent where the event does not tell it. */
  readonly headSha?: string | undefined;
  /** The commit that it is to be merged into; absent if the event does not tell it. */
  readonly baseSha?: string | undefined;
  /** Absent where the event does not tell it. */
  readonly fromFork?: boolean | undefined;
}

/** The run that a `workflow_run` follows: its pull request is named by the API alone where it came from a fork. */
export interface FollowedRun {
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepository: string;
}

/** What a run is about. */
export interface Subject {
  readonly pullRequest?: PullRequest | undefined;
  readonly followedRun?: FollowedRun | undefined;
}

/** The payload is none of this run: no number of it is trusted. */
export class ForeignEvent extends Error {
  override readonly name = 'ForeignEvent';
}

const repo = z.nullish(z.object({ full_name: z.string() }));
const number = z.int().check(z.positive(), z.lte(2_147_483_647));
const pullRequest = z.object({ number, head: z.object({ sha: z.string(), repo }), base: z.object({ repo, sha: z.optional(z.string()) }) });
const numbered = z.nullish(
  z.array(z.object({ number, head: z.object({ sha: z.string() }), base: z.object({ repo: z.object({ id: z.number() }) }) })),
);
const repository = z.object({ id: z.number(), full_name: z.string() });
const pullRequestEvent = z.object({ pull_request: pullRequest });
const commentEvent = z.object({
  issue: z.object({ number, pull_request: z.nullish(z.unknown()) }),
  /** As Gitea says it. */
  is_pull: z.optional(z.boolean()),
});
const mergeGroupEvent = z.object({ merge_group: z.object({ head_ref: z.string() }) });
const checked = z.object({ head_sha: z.string(), pull_requests: numbered });
const checkEvent = z.object({ repository, check_run: z.optional(checked), check_suite: z.optional(checked) });
const workflowRunEvent = z.object({
  repository,
  workflow_run: z.object({ head_sha: z.string(), head_branch: z.nullish(z.string()), head_repository: repo, pull_requests: numbered }),
});

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const ofPullRequest = ({ pull_request: raw }: z.infer<typeof pullRequestEvent>, ours: string): Subject => {
  const headRepository = raw.head.repo?.full_name ?? '';
  const baseRepository = raw.base.repo?.full_name ?? ours;
  if (ours !== '' && !sameName(baseRepository, ours)) throw new ForeignEvent('describes a pull request of another repository');
  const fromFork = !sameName(headRepository, baseRepository);
  return { pullRequest: { number: raw.number, headSha: raw.head.sha, baseSha: raw.base.sha, fromFork } };
};

/** A pull request of which only the number is known, or none. */
const bare = (found: string | number | undefined): Subject => (found === undefined ? {} : { pullRequest: { number: Number(found) } });

/** Issues and pull requests share their numbers: one that does not say that it is a pull request is none. */
const ofComment = ({ issue, is_pull }: z.infer<typeof commentEvent>): Subject =>
  bare((issue.pull_request ?? undefined) === undefined && is_pull !== true ? undefined : issue.number);

/** The pull request of a merge queue stands in the name of its branch, which GitHub alone can write: the last one of the group. */
const ofMergeGroup = (ref: string): Subject =>
  bare(/^refs\/heads\/gh-readonly-queue\/.{1,300}\/pr-([1-9]\d{0,8})-[0-9a-f]{40,64}$/.exec(ref)?.[1]);

/** The one pull request of a list that is of this repository and of the very commit that was checked; forks have none in such lists. */
const onlyOne = (some: z.infer<typeof numbered>, sha: string, id: number): number | undefined => {
  const [only, ...more] = (some ?? []).filter((pr) => pr.head.sha === sha && pr.base.repo.id === id);
  return more.length > 0 ? undefined : only?.number;
};

const ofCheck = ({ repository: { id }, check_run, check_suite }: z.infer<typeof checkEvent>): Subject => {
  const of = check_run ?? check_suite;
  const found = of === undefined ? undefined : onlyOne(of.pull_requests, of.head_sha, id);
  return of === undefined || found === undefined ? {} : { pullRequest: { number: found, headSha: of.head_sha } };
};

const ofWorkflowRun = ({ repository: { id, full_name }, workflow_run: run }: z.infer<typeof workflowRunEvent>): Subject => {
  const headRepository = run.head_repository?.full_name ?? '';
  const followedRun = { headSha: run.head_sha, headBranch: run.head_branch ?? '', headRepository };
  const found = onlyOne(run.pull_requests, run.head_sha, id);
  if (found === undefined) return { followedRun };
  return { followedRun, pullRequest: { number: found, headSha: run.head_sha, fromFork: !sameName(headRepository, full_name) } };
};

type Kind = 'pull-request' | 'comment' | 'merge-group' | 'check' | 'workflow-run' | 'called' | 'none';

/** https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['issue_comment', 'comment'],
  ['merge_group', 'merge-group'],
  ['check_run', 'check'],
  ['check_suite', 'check'],
  ['workflow_run', 'workflow-run'],
  // On GitHub a called workflow runs under the name of its caller’s event, on Gitea under this one, with the caller’s payload.
  ['workflow_call', 'called'],
]);

/** Gitea has more of the family `pull_request_…`. */
const kindOf = (event: string): Kind => (/^pull_request(?:_[a-z]+)*$/.test(event) ? 'pull-request' : (kinds.get(event) ?? 'none'));

/** True for an event that is about a pull request, so that it is worth a word where that is not known. */
export const isAboutPullRequests = (event: string): boolean => !['none', 'called'].includes(kindOf(event));

const hasField = (payload: unknown, field: string): boolean =>
  typeof payload === 'object' && payload !== null && field in payload && (payload as Record<string, unknown>)[field] !== null;

const calledKind = (payload: unknown): Kind => {
  if (hasField(payload, 'pull_request')) return 'pull-request';
  if (hasField(payload, 'issue') && hasField(payload, 'comment')) return 'comment';
  if (hasField(payload, 'workflow_run')) return 'workflow-run';
  return hasField(payload, 'merge_group') ? 'merge-group' : 'none';
};

/**
 * What a run is about, by the payload of its event.
 * @param ours `GITHUB_REPOSITORY`; `''` where it is not set
 * @throws {ForeignEvent} where the payload is of another repository, and errors of zod where it is not as the event’s should be
 */
export const parseSubject = (event: string, payload: unknown, ours: string): Subject => {
  const kind = kindOf(event) === 'called' ? calledKind(payload) : kindOf(event);
  const from = z.safeParse(z.object({ repository: z.object({ full_name: z.string() }) }), payload).data?.repository.full_name;
  if (kind !== 'none' && from !== undefined && ours !== '' && !sameName(from, ours)) throw new ForeignEvent('is of another repository');
  switch (kind) {
    case 'pull-request':
      return ofPullRequest(z.parse(pullRequestEvent, payload), ours);
    case 'comment':
      return ofComment(z.parse(commentEvent, payload));
    case 'merge-group':
      return ofMergeGroup(z.parse(mergeGroupEvent, payload).merge_group.head_ref);
    case 'check':
      return ofCheck(z.parse(checkEvent, payload));
    case 'workflow-run':
      return ofWorkflowRun(z.parse(workflowRunEvent, payload));
    case 'called':
    case 'none':
      return {};
  }
};

/**
 * What the runner says about it in the name of the ref, where there is no payload.
 * @param ref `GITHUB_REF`
 * @param headRef `GITHUB_HEAD_REF`, which is set for pull requests alone
 */
export const subjectOfRef = (event: string, ref: string, headRef: string): Subject => {
  const kind = kindOf(event);
  if (kind === 'merge-group') return ofMergeGroup(ref);
  const isPull = kind === 'pull-request' || ((kind === 'called' || event === '') && headRef !== '');
  return isPull ? bare(/^refs\/pull\/([1-9]\d{0,8})\/(?:merge|head)$/.exec(ref)?.[1]) : {};
};
