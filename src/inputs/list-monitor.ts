import { spec } from './spec.js';

/** Of the list of inputs: what handing in upstream’s report takes. */
export const monitorInputSpecs = [
  spec(
    'delivering',
    'monitor-url',
    '',
    'The address of upstream’s compliance monitor, e.g. `https://compliance.sovereignit.cloud`: the report is handed in there; see docs/upload.md. On a terminal: `upload`.',
  ),
  spec(
    'delivering',
    'monitor-token',
    '',
    'The login at the monitor (a secret): `account:password`, or that in Base64. On a terminal the path of a file that holds it.',
    { secret: true },
  ),
  spec(
    'delivering',
    'monitor-key',
    '',
    'The private key that signs the report (a secret), without a passphrase: its text, or the path of its file; on a terminal the path.',
    { secret: true },
  ),
  spec(
    'delivering',
    'monitor-dry-run',
    '',
    '`true` checks, signs and verifies the report and sends nothing. Default: `true` if `monitor-url` is not set.',
    { takes: 'flag' },
  ),
  spec(
    'delivering',
    'monitor-leave-out',
    'aborted',
    'What is not handed in: `aborted` testcases, each of which would take the place of an earlier PASS at once, or `nothing`.',
  ),
] as const;
