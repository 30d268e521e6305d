/** The right that the comment takes: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions */
export const commentPermission = 'permissions: pull-requests: write';

/** What each says of the comment: who closed the door, and what opens it. */
export const endings = {
  policy:
    'a policy of the organization or enterprise forbids this kind of token; use ${{ github.token }}, or a token that the policy allows',
  sso: 'the organization takes only tokens that are authorized for its single sign-on; authorize the token of the input "github-token", or use ${{ github.token }}',
  'ip-blocked':
    'the organization admits only certain IP addresses, and this runner has another one; add the runner to the IP allow list, or use a runner whose address is on it',
  account:
    'the account of the token or of the repository cannot be used (suspended, unpaid, or something has to be done there); its owner has to sign in and settle that',
  'user-blocked':
    'the owner of the repository has blocked the account of the token, or limits who may comment; use ${{ github.token }}, or lift the limit',
  archived: 'the repository is archived, so nobody can comment; unarchive it, or disable its workflows',
  locked: 'the conversation of the pull request is locked, and the token is of no collaborator; unlock it',
  disabled: 'comments are switched off in this repository; enable issues in its settings',
  legal: 'the forge has blocked access to the repository for legal reasons or by its terms of service; ask its owner',
  intercepted: 'a proxy or a firewall answered instead of the API; let the runner reach the API, or set NO_PROXY',
  redirected: 'the API redirects to another server; set GITHUB_API_URL and GITHUB_SERVER_URL to the address that it has now',
  unauthorized: `the token of the input "github-token" is not valid, or has expired; use \${{ github.token }} with ${commentPermission}`,
  'not-found': `the pull request is not there, or the token may not see it (${commentPermission})`,
  'rate-limited': 'the API takes no more requests for now (rate limit), and waiting would take too long; run the job again later',
  'too-long': 'the comment is too long, even with the shortest text',
  'server-error': 'the API answered with an error again and again; run the job again later',
  unreachable: 'the API could not be reached; check GITHUB_API_URL and the proxy',
  malformed: 'the API did not take the comment',
  rejected: 'the API did not take the comment',
} as const;

/** Why a call had no success. What is forbidden is explained by who asked. */
export type ApiProblem = keyof typeof endings | 'forbidden';

/** Where something is broken. All others are the will of somebody who may decide that. */
export const failures: readonly ApiProblem[] = ['intercepted', 'redirected', 'server-error', 'unreachable', 'malformed', 'rejected'];
