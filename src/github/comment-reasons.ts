import type { ApiError } from './api-error.js';
import { commentPermission, endings, failures } from './api-problems.js';
import type { RunEvent } from './event.js';

const alternative =
  'to have the comment there too, check on push or schedule, or comment from a job of a workflow_run workflow, which runs with the rights of the default branch';

/** Why an event names no pull request. */
const noPullRequest = ({ name }: RunEvent): string => {
  switch (name) {
    case 'issue_comment':
      return 'the comment that started this run stands on an issue, not on a pull request';
    case 'check_run':
    case 'check_suite':
      return `the event ${name} names no single pull request of this repository with the checked commit (those of forks are never named); ${alternative}`;
    case 'merge_group':
      return 'the branch of this merge group names no pull request';
    default:
      return `this run was started by ${name}, not by a pull request`;
  }
};

/**
 * Why there is nothing to comment on, known before anything is asked. What a token may do is not guessed: the tokens of forks may write where the
 * repository says so.
 * @returns a sentence, or undefined where it is worth trying
 */
export const skipReason = (event: RunEvent, token: string | undefined): string | undefined => {
  const known = event.pullRequest !== undefined;
  if (event.name === '' && !known) return 'this is no workflow run';
  if (!known && event.followedRun === undefined) return event.warnings[0] ?? noPullRequest(event);
  if (event.repository === undefined) return 'GITHUB_REPOSITORY does not name a repository';
  if (token === undefined || token === '')
    return event.pullRequest?.fromFork === true || event.dependabot
      ? `there is no token: runs of ${event.dependabot ? 'Dependabot' : 'forks'} get no secrets; set the input "github-token" to \${{ github.token }}, and ${commentPermission} in the job; ${alternative}`
      : `there is no token; set the input "github-token", and ${commentPermission} in the job`;
  return 'problem' in event.api ? event.api.problem : undefined;
};

const forbidden = (event: RunEvent): string => {
  if (event.pullRequest?.fromFork === true)
    return `the pull request comes from a fork, where the token may only read (missing: ${commentPermission}); ${alternative}`;
  const base = `the token may not write comments on pull requests; add ${commentPermission} to the job`;
  if (event.dependabot)
    return `${base} (runs that Dependabot started get a token that may only read unless the workflow says so); ${alternative}`;
  const scope = event.forge === 'gitea' ? '"issue: read and write"' : '"Pull requests: read and write"';
  const unknown = event.pullRequest?.fromFork === undefined ? `; in runs of forks the token may only read: ${alternative}` : '';
  return `${base}, or ${scope} to the token of the input "github-token"${unknown}`;
};

/** What became of the comment where a call had no success: who closed the door, and what opens it. */
export const permissionReason = (error: ApiError, event: RunEvent): { readonly status: 'skipped' | 'failed'; readonly reason: string } => {
  const { problem } = error;
  const what = problem === 'forbidden' ? forbidden(event) : endings[problem];
  return { status: failures.includes(problem) ? 'failed' : 'skipped', reason: `${what} [${error.message}]` };
};
