import type { RunEvent } from '../../src/github/event.js';

/** A run of a pull request of the repository itself. */
export const runEvent = (apiUrl: string, more: Partial<RunEvent> = {}): RunEvent => ({
  name: 'pull_request',
  repository: { owner: 'octo-org', repo: 'clusters' },
  pullRequest: { number: 7, headSha: 'a'.repeat(40), fromFork: false },
  dependabot: false,
  api: { url: apiUrl },
  serverUrl: 'https://github.example',
  forge: 'github',
  warnings: [],
  ...more,
});
