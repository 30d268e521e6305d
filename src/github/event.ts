import * as z from 'zod/mini';
import { reasonOf } from '../model/errors.js';
import { trimEndOf } from '../model/trim.js';

/** A pull request, as far as the comment needs it. */
export interface PullRequest {
  readonly number: number;
  readonly headSha: string;
  /** `owner/name`; `''` where the fork was deleted. */
  readonly headRepository: string;
  readonly baseRepository: string;
  readonly fromFork: boolean;
  readonly locked: boolean;
}

/** The run that a `workflow_run` follows: its pull request is named by the API alone where it came from a fork. */
export interface FollowedRun {
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepository: string;
}

/** What the platform at hand can do beyond what all have in common. */
export interface Forge {
  readonly kind: 'github' | 'gitea';
  /** Who writes comments with a job's own token. */
  readonly jobLogins: readonly string[];
  readonly graphql: boolean;
  /** Shows annotations and job summaries beside the run. */
  readonly showsAnnotations: boolean;
}

/** Why this run started, and where. */
export interface RunEvent {
  /** e.g. `pull_request`; `''` outside of a workflow. */
  readonly name: string;
  readonly repository?: { readonly owner: string; readonly repo: string };
  readonly pullRequest?: PullRequest;
  readonly followedRun?: FollowedRun;
  /** True where Dependabot started the run: its token may only read unless the workflow grants more. */
  readonly dependabot: boolean;
  /** The commit that a report is about: the head of the pull request, not its merge commit. */
  readonly commit?: string;
  readonly runUrl?: string;
  /** The job's id in its workflow file. */
  readonly job?: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly forge: Forge;
  /** Sentences about what could not be read. */
  readonly warnings: readonly string[];
}

export type Env = Readonly<Record<string, string | undefined>>;

const repo = z.nullish(z.object({ full_name: z.string() }));
const side = z.object({ sha: z.string(), repo });
const pullRequest = z.object({
  number: z.int().check(z.positive()),
  head: side,
  base: z.object({ repo }),
  locked: z.optional(z.boolean()),
  /** As Gitea calls it. */
  is_locked: z.optional(z.boolean()),
});
const pullRequestEvent = z.object({ pull_request: pullRequest });
const workflowRunEvent = z.object({
  repository: z.object({ id: z.number(), full_name: z.string() }),
  workflow_run: z.object({
    head_sha: z.string(),
    head_branch: z.nullish(z.string()),
    head_repository: repo,
    pull_requests: z.optional(
      z.array(
        z.object({ number: z.number(), head: z.object({ sha: z.string() }), base: z.object({ repo: z.object({ id: z.number() }) }) }),
      ),
    ),
  }),
});

const toPullRequest = (raw: z.infer<typeof pullRequest>, repository: string): PullRequest => {
  const headRepository = raw.head.repo?.full_name ?? '';
  const baseRepository = raw.base.repo?.full_name ?? repository;
  return {
    number: raw.number,
    headSha: raw.head.sha,
    headRepository,
    baseRepository,
    fromFork: headRepository.toLowerCase() !== baseRepository.toLowerCase(),
    locked: raw.locked ?? raw.is_locked ?? false,
  };
};

type Subject = Pick<RunEvent, 'pullRequest' | 'followedRun'>;

/** The numbers in `workflow_run` are taken only for the very commit that ran and for this repository; forks have none there. */
const ofWorkflowRun = ({ repository, workflow_run: run }: z.infer<typeof workflowRunEvent>): Subject => {
  const headRepository = run.head_repository?.full_name ?? '';
  const [only, ...more] = (run.pull_requests ?? []).filter((pr) => pr.head.sha === run.head_sha && pr.base.repo.id === repository.id);
  const followedRun = { headSha: run.head_sha, headBranch: run.head_branch ?? '', headRepository };
  if (only === undefined || more.length > 0) return { followedRun };
  const fromFork = headRepository.toLowerCase() !== repository.full_name.toLowerCase();
  return {
    followedRun,
    pullRequest: {
      number: only.number,
      headSha: run.head_sha,
      headRepository,
      baseRepository: repository.full_name,
      fromFork,
      locked: false,
    },
  };
};

const subjectOf = (name: string, payload: unknown, repository: string): Subject => {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return { pullRequest: toPullRequest(z.parse(pullRequestEvent, payload).pull_request, repository) };
    case 'workflow_run':
      return ofWorkflowRun(z.parse(workflowRunEvent, payload));
    default:
      return {};
  }
};

const readSubject = async (env: Env, readFile: (path: string) => Promise<string>): Promise<Subject & { warnings: readonly string[] }> => {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const path = env['GITHUB_EVENT_PATH'] ?? '';
  if (path === '' || !['pull_request', 'pull_request_target', 'workflow_run'].includes(name)) return { warnings: [] };
  const because = (why: string): { warnings: readonly string[] } => ({
    warnings: [`The event file of this ${name} run (GITHUB_EVENT_PATH) ${why}; the pull request is not known, so nothing is commented.`],
  });
  let text: string;
  try {
    text = await readFile(path);
  } catch (cause) {
    return because(`cannot be read: ${reasonOf(cause)}`);
  }
  try {
    return { ...subjectOf(name, JSON.parse(text), env['GITHUB_REPOSITORY'] ?? ''), warnings: [] };
  } catch (cause) {
    return because(cause instanceof SyntaxError ? 'is not JSON' : 'does not describe a pull request as GitHub does');
  }
};

const webAddress = (text: string | undefined, fallback: string): string =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? trimEndOf(text, '/') : fallback;

/**
 * What the forge can do. Gitea and Forgejo set `GITEA_ACTIONS` or `FORGEJO_ACTIONS` and serve their API below `/api/v1`, without GraphQL;
 * they show neither annotations nor, before Gitea 1.27, summaries: https://docs.gitea.com/usage/actions/comparison
 */
export const detectForge = (env: Env, apiUrl: string): Forge =>
  env['GITEA_ACTIONS'] === 'true' || env['FORGEJO_ACTIONS'] === 'true' || apiUrl.endsWith('/api/v1')
    ? { kind: 'gitea', jobLogins: ['gitea-actions', 'forgejo-actions'], graphql: false, showsAnnotations: false }
    : { kind: 'github', jobLogins: ['github-actions[bot]'], graphql: true, showsAnnotations: true };

/**
 * Reads why this run started. Never throws: what cannot be read becomes a warning, and no pull request.
 * @param env the `GITHUB_*` variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @param readFile reads the event file
 */
export const readEvent = async (env: Env, readFile: (path: string) => Promise<string>): Promise<RunEvent> => {
  const { warnings, ...subject } = await readSubject(env, readFile);
  const apiUrl = webAddress(env['GITHUB_API_URL'], 'https://api.github.com');
  const serverUrl = webAddress(env['GITHUB_SERVER_URL'], 'https://github.com');
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
  const repository = owner === undefined || name === undefined ? undefined : { owner, repo: name };
  const run = /^\d+$/.exec(env['GITHUB_RUN_ID'] ?? '')?.[0];
  const commit = subject.pullRequest?.headSha ?? subject.followedRun?.headSha ?? env['GITHUB_SHA'];
  const job = env['GITHUB_JOB'];
  return {
    name: env['GITHUB_EVENT_NAME'] ?? '',
    ...(repository === undefined ? {} : { repository }),
    ...subject,
    dependabot: env['GITHUB_ACTOR'] === 'dependabot[bot]' || env['GITHUB_TRIGGERING_ACTOR'] === 'dependabot[bot]',
    ...(commit ? { commit } : {}),
    ...(repository === undefined || run === undefined
      ? {}
      : { runUrl: `${serverUrl}/${repository.owner}/${repository.repo}/actions/runs/${run}` }),
    ...(job ? { job } : {}),
    apiUrl,
    serverUrl,
    forge: detectForge(env, apiUrl),
    warnings,
  };
};
