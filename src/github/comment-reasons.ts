import type { ApiError } from './api-error.js';
import type { RunEvent } from './event.js';

/** The right that the comment takes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions */
export const commentPermission = 'permissions: pull-requests: write';

const alternative =
  'to have the comment there too, check on push or schedule, or comment from a job of a workflow_run workflow, which runs with the rights of the default branch';

/**
 * Why there is nothing to comment on, known before anything is asked.
 * @returns a sentence, or undefined where it is worth trying
 */
export const skipReason = (event: RunEvent, token: string | undefined): string | undefined => {
  if (event.name === '') return 'this is no workflow run';
  if (event.pullRequest === undefined && event.followedRun === undefined)
    return event.warnings[0] ?? `this run was started by ${event.name}, not by a pull request`;
  if (event.repository === undefined) return 'GITHUB_REPOSITORY does not name a repository';
  if (event.name === 'pull_request' && event.pullRequest?.fromFork === true)
    return `the pull request comes from a fork, where the token may only read (missing: ${commentPermission}); ${alternative}`;
  if (token === undefined || token === '') return `there is no token; set the input "token", and ${commentPermission} in the job`;
  return undefined;
};

const forbidden = (event: RunEvent): string => {
  const base = `the token may not write comments on pull requests; add ${commentPermission} to the job`;
  if (event.pullRequest?.fromFork === true)
    return `the pull request comes from a fork, where the token may only read (missing: ${commentPermission}); ${alternative}`;
  if (event.dependabot) return `${base} (runs that Dependabot started get a token that may only read unless the workflow says so)`;
  return `${base}, or "Pull requests: read and write" to the token of the input "token"`;
};

/** What became of the comment where a call had no success: a missing right or a closed door is skipped, the rest failed. */
export const permissionReason = (error: ApiError, event: RunEvent): { readonly status: 'skipped' | 'failed'; readonly reason: string } => {
  const because = (what: string): string => `${what} [${error.message}]`;
  switch (error.problem) {
    case 'forbidden':
      return { status: 'skipped', reason: because(forbidden(event)) };
    case 'locked':
      return {
        status: 'skipped',
        reason: because('the conversation of the pull request is locked, and the token is of no collaborator; unlock it'),
      };
    case 'unauthorized':
      return {
        status: 'skipped',
        reason: because(`the token of the input "token" is not valid, or has expired; use \${{ github.token }} with ${commentPermission}`),
      };
    case 'not-found':
      return { status: 'skipped', reason: because(`the pull request is not there, or the token may not see it (${commentPermission})`) };
    case 'rate-limited':
      return {
        status: 'skipped',
        reason: because('the rate limit of the API is used up, and waiting would take too long; run the job again later'),
      };
    case 'too-long':
      return { status: 'skipped', reason: because('the comment is too long, even with the shortest text') };
    case 'server-error':
      return { status: 'failed', reason: because('the API answered with an error again and again; run the job again later') };
    case 'unreachable':
      return { status: 'failed', reason: because('the API could not be reached; check GITHUB_API_URL and the proxy') };
    case 'malformed':
    case 'rejected':
      return { status: 'failed', reason: because('the API did not take the comment') };
  }
};
