import { workflowLog } from '../github/log.js';
import { terminalText } from '../text/escape.js';
import { Redactor } from '../text/redact.js';
import { secretTaker } from '../text/likely-secrets.js';
import type { Arguments } from './arguments.js';

const { env, stderr, stdout } = process;

export const width = stdout.columns || 100;

/** Knows every secret of this process. */
export const redactor = new Redactor();

/** Takes a secret of this process. */
export const secret = secretTaker(redactor.add);

/** To standard output, without secrets. */
export const write = (text: string): void => {
  stdout.write(redactor.redact(text));
};

/** For standard error: without secrets, and without a line on which the runner of a workflow would act. */
export const printable = (text: string): string => workflowLog(redactor.redact(text));

/** A step of the work, which takes one line. */
export const oneLine = (text: string): string => terminalText(redactor.redact(text));

/** To standard error. */
export const writeError = (text: string): void => {
  stderr.write(printable(text));
};

export const coloured = ({ options }: Arguments): boolean =>
  options['color'] === undefined ? stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb' : options['color'] === 'true';
