import { exitOfError } from '../evaluation/exit-code.js';
import { appendSummary } from '../github/files.js';
import { plainLog } from '../github/log.js';
import { reasonOf, UserError } from '../model/errors.js';
import { clip, markdownText } from '../text/escape.js';
import type { Runner } from './runner.js';
import type { Step } from './start.js';

/** The longest error that a summary shows. */
const maxErrorCharacters = 4_000;

/** Writes a heading and a text into the job summary. */
const summarise = (runner: Runner, env: Parameters<Step['reportError']>[1], heading: string, text: string): void => {
  const lines = clip(text, maxErrorCharacters).split('\n');
  try {
    appendSummary(env, `## ${heading}\n\n${lines.map((line) => markdownText(line)).join('<br>\n')}\n`);
  } catch (cause) {
    runner.warning(plainLog(`job summary failed: ${reasonOf(cause)}`));
  }
};

/** The exit code of the command line for an error. */
const exitCode = (error: unknown): readonly [name: string, value: string] => ['exit-code', String(exitOfError(error))];

/**
 * What a step leaves if there is no result: an output, and the reason in the job summary.
 * @param heading of the summary, e.g. `The check could not run`
 * @param hasSummary whether the inputs ask for a summary
 * @param output its name and value
 */
export const errorReporter =
  (heading: string, hasSummary: (env: Parameters<Step['reportError']>[1]) => boolean, output = exitCode): Step['reportError'] =>
  (runner, env, error) => {
    const text = error instanceof UserError ? error.message : `scs-kaas failed: ${reasonOf(error)}. Please report this.`;
    runner.setOutput(...output(error));
    if (hasSummary(env)) summarise(runner, env, heading, text);
    return text;
  };
