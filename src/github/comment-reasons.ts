import type { ApiError } from './api-error.js';
import type { RunEvent } from './event.js';

/** The right that the comment takes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions */
const commentPermission = 'permissions: pull-requests: write';

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
      ? `there is no token: runs of ${event.dependabot ? 'Dependabot' : 'forks'} get no secrets; set the input "token" to \${{ github.token }}, and ${commentPermission} in the job; ${alternative}`
      : `there is no token; set the input "token", and ${commentPermission} in the job`;
  return 'problem' in event.api ? event.api.problem : undefined;
};

const forbidden = (event: RunEvent): string => {
  if (event.pullRequest?.fromFork === true)
    return `the pull request comes from a fork, where the token may only read (missing: ${commentPermission}); ${alternative}`;
  const base = `the token may not write comments on pull requests; add ${commentPermission} to the job`;
  if (event.dependabot)
    return `${base} (runs that Dependabot started get a token that may only read unless the workflow says so); ${alternative}`;
  const scope = event.forge.kind === 'gitea' ? '"issue: read and write"' : '"Pull requests: read and write"';
  const unknown = event.pullRequest?.fromFork === undefined ? `; in runs of forks the token may only read: ${alternative}` : '';
  return `${base}, or ${scope} to the token of the input "token"${unknown}`;
};

/** What became of the comment: not wanted by somebody who may decide that (skipped), or broken (failed). */
type Ending = readonly ['skipped' | 'failed', string];

const endings: Readonly<Record<Exclude<ApiError['problem'], 'forbidden'>, Ending>> = {
  policy: [
    'skipped',
    'a policy of the organization or enterprise forbids this kind of token; use ${{ github.token }}, or a token that the policy allows',
  ],
  sso: [
    'skipped',
    'the organization takes only tokens that are authorized for its single sign-on; authorize the token of the input "token", or use ${{ github.token }}',
  ],
  'ip-blocked': [
    'skipped',
    'the organization admits only certain IP addresses, and this runner has another one; add the runner to the IP allow list, or use a runner whose address is on it',
  ],
  account: [
    'skipped',
    'the account of the token or of the repository cannot be used (suspended, unpaid, or something has to be done there); its owner has to sign in and settle that',
  ],
  'user-blocked': [
    'skipped',
    'the owner of the repository has blocked the account of the token, or limits who may comment; use ${{ github.token }}, or lift the limit',
  ],
  archived: ['skipped', 'the repository is archived, so nobody can comment; unarchive it, or disable its workflows'],
  locked: ['skipped', 'the conversation of the pull request is locked, and the token is of no collaborator; unlock it'],
  disabled: ['skipped', 'comments are switched off in this repository; enable issues in its settings'],
  legal: ['skipped', 'the forge has blocked access to the repository for legal reasons or by its terms of service; ask its owner'],
  intercepted: ['failed', 'a proxy or a firewall answered instead of the API; let the runner reach the API, or set NO_PROXY'],
  redirected: ['failed', 'the API redirects to another server; set GITHUB_API_URL and GITHUB_SERVER_URL to the address that it has now'],
  unauthorized: [
    'skipped',
    `the token of the input "token" is not valid, or has expired; use \${{ github.token }} with ${commentPermission}`,
  ],
  'not-found': ['skipped', `the pull request is not there, or the token may not see it (${commentPermission})`],
  'rate-limited': [
    'skipped',
    'the API takes no more requests for now (rate limit), and waiting would take too long; run the job again later',
  ],
  'too-long': ['skipped', 'the comment is too long, even with the shortest text'],
  'server-error': ['failed', 'the API answered with an error again and again; run the job again later'],
  unreachable: ['failed', 'the API could not be reached; check GITHUB_API_URL and the proxy'],
  malformed: ['failed', 'the API did not take the comment'],
  rejected: ['failed', 'the API did not take the comment'],
};

const endingOf = ({ problem }: ApiError, event: RunEvent): Ending =>
  problem === 'forbidden' ? ['skipped', forbidden(event)] : endings[problem];

/** What became of the comment where a call had no success: who closed the door, and what opens it. */
export const permissionReason = (error: ApiError, event: RunEvent): { readonly status: 'skipped' | 'failed'; readonly reason: string } => {
  const [status, what] = endingOf(error, event);
  return { status, reason: `${what} [${error.message}]` };
};
