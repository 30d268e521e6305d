import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, type Ended } from './program.js';
import { settingVariables } from './settings.js';

/** A step of an action as a process, and everything that it left behind. */
export interface Step {
  readonly ended: Ended;
  readonly summary: string;
  /** As the runner finds them in `GITHUB_OUTPUT`. */
  readonly outputs: string;
  /** Files in its output directory, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Runs a step of an action as a workflow does, but for a pull request.
 * @param inputs settings by name; those of the config file go there
 * @param entry of the action; the check without
 */
export const workflowStep = async (
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  entry: 'index' | 'action/merge-entry' | 'action/upload-entry' = 'index',
): Promise<Step> => {
  const directory = await mkdtemp(join(tmpdir(), 'scs-kaas-step-'));
  const [summary, outputs, state, reports] = ['summary', 'output', 'state', 'reports'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  try {
    await Promise.all([summary, outputs, state].map((file) => writeFile(file, '')));
    const ended = await program([], {
      entry,
      env: {
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: outputs,
        GITHUB_STATE: state,
        RUNNER_TEMP: directory,
        ...settingVariables({ ...(entry === 'action/upload-entry' ? {} : { 'output-directory': reports }), ...inputs }),
        ...env,
      },
    });
    const names = await readdir(reports).catch(() => []);
    const files = await Promise.all(names.map(async (name) => [name, await readFile(join(reports, name), 'utf8')] as const));
    return { ended, summary: await readFile(summary, 'utf8'), outputs: await readFile(outputs, 'utf8'), files: Object.fromEntries(files) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** A command that the runner takes out of one line. */
export interface RunnerCommand {
  readonly command: string;
  readonly line: string;
}

/**
 * The commands in a log, as the runner reads them: `::name ...::` behind white space at the start of a line, `##[name]` anywhere in one
 * (actions/runner, `ActionCommand`: `TryParseV2` and `TryParse`). Lines end at a carriage return too.
 */
export const commandsIn = (log: string): readonly RunnerCommand[] =>
  log.split(/\r\n|\n|\r/).flatMap((line) => {
    const modern = /^\s*::\s*([^\s:]+)(?:[\s:][^]*?)?::/.exec(line)?.[1];
    const old = /##\[([^\]\s]+)(?:\s[^\]]*)?\]/.exec(line)?.[1];
    return [...(modern === undefined ? [] : [{ command: modern, line }]), ...(old === undefined ? [] : [{ command: old, line }])];
  });
