import type { Runner } from '../../src/action/runner.js';
import type { Step } from '../../src/action/start.js';

/** One thing that a step handed to the runner. */
export interface Said {
  readonly kind: 'error' | 'warning' | 'notice' | 'info' | 'group' | 'endgroup' | 'mask';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** A step of an action in this process, and everything that it handed to the runner, in its order. */
export interface RanStep {
  readonly said: readonly Said[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  /** The sentence by which it fails. */
  readonly failed: string | undefined;
  /** Its messages of one kind. */
  readonly messages: (kind: Said['kind']) => readonly string[];
}

/** Inputs as the variables of a runner. */
export const inputVariables = (inputs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

/** Runs a step of an action in this process, on a runner that keeps what it is handed, as `start` does: errors are reported by the step. */
export const actionStep = async (
  step: Step,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  signal = new AbortController().signal,
): Promise<RanStep> => {
  const said: Said[] = [];
  const [outputs, state] = [new Map<string, string>(), new Map<string, string>()];
  const say =
    (kind: Said['kind']): Runner['error'] =>
    (message, place) => {
      said.push({
        kind,
        message,
        ...(place?.file === undefined ? {} : { file: place.file }),
        ...(place?.startLine === undefined ? {} : { line: place.startLine }),
      });
    };
  const runner: Runner = {
    error: say('error'),
    warning: say('warning'),
    notice: say('notice'),
    info: say('info'),
    startGroup: say('group'),
    endGroup: () => say('endgroup')(''),
    setSecret: say('mask'),
    setOutput: (name, value) => outputs.set(name, value) === outputs,
    saveState: (name, value) => state.set(name, value) === state,
  };
  const all = { ...env, ...inputVariables(inputs) };
  const failed = await step.run(runner, all, signal).catch((error: unknown) => step.reportError(runner, all, error));
  return {
    said,
    outputs,
    state,
    failed,
    messages: (kind) => said.flatMap((one) => (one.kind === kind ? [one.message] : [])),
  };
};

/** The outputs of a step, as the runner reads them out of `GITHUB_OUTPUT`. */
export const parseOutputs = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([a-z-]+)<<(\S+)\n([^]*?)\n\2$/gm)].map(([, name = '', , value = '']) => [name, value]));
