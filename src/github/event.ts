import { reasonOf } from '../model/errors.js';
import { readServer, type Env, type Server } from './forge.js';
import { ForeignEvent, isAboutPullRequests, parseSubject, subjectOfRef, type Subject } from './subject.js';

/** Why this run started, and where. */
export interface RunEvent extends Subject, Server {
  /** e.g. `pull_request`; `''` outside of a workflow. */
  readonly name: string;
  readonly repository?: { readonly owner: string; readonly repo: string } | undefined;
  /** True where Dependabot started the run: its token may only read unless the workflow grants more. */
  readonly dependabot: boolean;
  /** The commit that a report is about: the head of the pull request, not its merge commit. */
  readonly commit?: string | undefined;
  readonly runUrl?: string | undefined;
  /** The job's id in its workflow file. */
  readonly job?: string | undefined;
  /** Sentences about what could not be read. */
  readonly warnings: readonly string[];
}

/** GitHub sends at most 25 MB: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const maxCharacters = 26_214_400;

type Found = Subject & { readonly warnings: readonly string[] };

const eventProblem = (cause: unknown): string => {
  if (cause instanceof ForeignEvent) return cause.message;
  return cause instanceof SyntaxError ? 'is not JSON' : 'does not describe a pull request as GitHub does';
};

/** @returns the subject, or what is wrong with the event file */
const readPayload = async (
  name: string,
  path: string,
  ours: string,
  readFile: (path: string) => Promise<string>,
): Promise<Subject | string> => {
  if (path === '') return 'is not there (the variable is not set)';
  let text: string;
  try {
    text = await readFile(path);
  } catch (cause) {
    return `cannot be read: ${reasonOf(cause)}`;
  }
  if (text.length > maxCharacters) return `is larger than ${maxCharacters} characters`;
  try {
    return parseSubject(name, JSON.parse(text), ours);
  } catch (cause) {
    return eventProblem(cause);
  }
};

/** The event file tells most. Where it tells nothing, or not of this run, the runner's own words about the ref remain. */
const readEventSubject = async (env: Env, readFile: (path: string) => Promise<string>): Promise<Found> => {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const ours = env['GITHUB_REPOSITORY'] ?? '';
  const ofRef = subjectOfRef(name, env['GITHUB_REF'] ?? '', env['GITHUB_HEAD_REF'] ?? '');
  const path = env['GITHUB_EVENT_PATH'] ?? '';
  const about = isAboutPullRequests(name);
  if (!about && name !== 'workflow_call') return { ...ofRef, warnings: [] };
  const read = await readPayload(name, path, ours, readFile);
  const warn = (why: string, subject: Subject): Found => {
    const what = `The event file of this ${name} run (GITHUB_EVENT_PATH) ${why}`;
    if (subject.pullRequest !== undefined)
      return { ...subject, warnings: [`${what}; GITHUB_REF names the pull request #${subject.pullRequest.number}.`] };
    return { warnings: about ? [`${what}; the pull request is not known, so nothing is commented.`] : [] };
  };
  if (typeof read === 'string') return path === '' && ofRef.pullRequest !== undefined ? { ...ofRef, warnings: [] } : warn(read, ofRef);
  const [byFile, byRef] = [read.pullRequest?.number, ofRef.pullRequest?.number];
  if (byFile !== undefined && byRef !== undefined && byFile !== byRef)
    return warn(`is about the pull request #${byFile}, and GITHUB_REF about #${byRef}`, {});
  return { ...(read.pullRequest === undefined ? ofRef : {}), ...read, warnings: [] };
};

/**
 * Reads why this run started. Never throws: what cannot be read becomes a warning, and no pull request.
 * @param env the `GITHUB_*` variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @param readFile reads the event file
 */
export const readEvent = async (env: Env, readFile: (path: string) => Promise<string>): Promise<RunEvent> => {
  const { warnings, ...subject } = await readEventSubject(env, readFile);
  const server = readServer(env);
  const [, owner, name] = /^(?!\.+\/)([\w.-]+)\/(?!\.+$)([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
  const repository = owner === undefined || name === undefined ? undefined : { owner, repo: name };
  const run = /^\d+$/.exec(env['GITHUB_RUN_ID'] ?? '')?.[0];
  const commit = subject.pullRequest?.headSha ?? subject.followedRun?.headSha ?? env['GITHUB_SHA'];
  return {
    name: env['GITHUB_EVENT_NAME'] ?? '',
    repository,
    ...subject,
    ...server,
    dependabot: env['GITHUB_ACTOR'] === 'dependabot[bot]' || env['GITHUB_TRIGGERING_ACTOR'] === 'dependabot[bot]',
    commit: commit || undefined,
    runUrl:
      repository === undefined || run === undefined || server.serverUrl === undefined
        ? undefined
        : `${server.serverUrl}/${repository.owner}/${repository.repo}/actions/runs/${run}`,
    job: env['GITHUB_JOB'] || undefined,
    warnings,
  };
};
