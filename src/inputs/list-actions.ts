import { setting } from './spec.js';

const token = setting('Other', 'github-token', '${{ github.token }}', 'Token for the comment.', { terminalDefault: '', secret: true });

/** The inputs of the action `merge`. */
export const mergeSpecs = [
  setting('Check', 'reports-from', '', 'JSON reports to merge: paths, folders or globs, separated by commas or line breaks.', {
    takes: 'list',
    only: 'action',
    required: true,
  }),
  setting('Check', 'expect', '', 'Number of clusters that have to report. With fewer, the result is incomplete.', {
    placeholder: 'NUMBER',
    terminal: 'Number of clusters; with fewer it is incomplete.',
  }),
  setting('Check', 'fail-on', 'fail:must', 'Results that fail the step: `OUTCOME:LEVEL[:CATEGORY]`, separated by commas, or `never`.', {
    takes: 'list',
    placeholder: 'RULE,…',
    terminal: 'OUTCOME:LEVEL[:CATEGORY], or never. Default: fail:must.',
  }),
  setting('Check', 'effective-time', '', 'Time at which the age of the reports is evaluated (ISO 8601). Default: now.', {
    placeholder: 'TIME',
    terminal: 'Time at which reports are dated. Default: now.',
  }),
  setting(
    'Reports',
    'reports',
    'log, summary, comment, json, markdown',
    'Reports: `FORMAT`, `FORMAT=FILE` or `none`, separated by commas.',
    { takes: 'list', only: 'action', terminalDefault: '' },
  ),
  setting('Reports', 'report-key', '', 'Name of the section in the comment. Default: the ID of the job.', { only: 'action' }),
  setting('Reports', 'output-directory', '', 'Directory for the report files. Default: a temporary directory of the job.', {
    only: 'action',
  }),
  setting(
    'Reports',
    'subject',
    '',
    'Provider at the SCS compliance monitor (accounts `SUBJECT-BRANCH`). With it, `scs-report` is written too.',
    { placeholder: 'NAME', terminal: 'Provider at the compliance monitor (scs-report).' },
  ),
  token,
] as const;

/** The inputs of the action `upload`. */
export const uploadSpecs = [
  setting('Reports', 'report', '', 'Report `scs-report` to upload: the path of its file.', { only: 'action', required: true }),
  setting('Reports', 'url', '', 'Address of the compliance monitor, for example `https://compliance.sovereignit.cloud`.', {
    placeholder: 'URL',
    terminal: 'Address of the monitor.',
  }),
  setting('Reports', 'login', '', 'Login at the monitor (a secret): `account:password`, as it is or in Base64.', {
    secret: true,
    placeholder: 'FILE',
    terminal: 'account:password, as it is or in Base64.',
  }),
  setting('Reports', 'key', '', 'Private key that signs the report (a secret), without a passphrase: its text, or the path of its file.', {
    secret: true,
    placeholder: 'FILE',
    terminal: 'Private key that signs, without a passphrase.',
  }),
  setting('Reports', 'dry-run', '', '`true` checks, signs and verifies the report, and sends nothing. Default: `true` without `url`.', {
    takes: 'flag',
    terminal: 'Signs and verifies, and sends nothing. Default: without --url.',
  }),
  setting('Reports', 'leave-out', 'aborted', 'Test cases to leave out: `aborted` (each would replace an earlier PASS) or `nothing`.', {
    values: ['aborted', 'nothing'],
    terminal: 'Aborted test cases would replace an earlier PASS. Default: aborted.',
  }),
] as const;
