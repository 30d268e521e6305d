import type { RawInputs } from './layers.js';
import type { Setting } from './spec.js';
import { clip, plainText } from '../text/escape.js';
import { misspelt } from '../text/did-you-mean.js';
import { listed } from '../model/outcome.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The inputs of a step, out of its environment. */
export interface EnvironmentInputs {
  /** By the input's name; one that is misspelt is kept under the name that was given. */
  readonly raw: RawInputs;
  /** What is not used, by its names: values of variables that are not for this action are repeated nowhere. */
  readonly notes: readonly string[];
}

const prefix = 'INPUT_';
const actionVariable = (name: string): string => prefix + name.toUpperCase();
/** The same as a shell can export it: no shell takes a dash. */
const exportedOf = (name: string): string => actionVariable(name).replaceAll('-', '_');
const inputName = (variable: string): string => variable.slice(prefix.length).toLowerCase();

/**
 * Reads the inputs as the runner hands them over. A variable such as `INPUT_KIND_CONFIG` counts only if the runner sets no `INPUT_KIND-CONFIG`.
 * The `env` of a job and the inputs of an outer composite action have the same prefix: a variable that has no value, or a name unlike all
 * inputs, is not for this action.
 * @param specs the inputs of the action
 */
export const rawInputsOf = (env: Env, specs: readonly Setting[]): EnvironmentInputs => {
  const names = specs.map((spec) => spec.name);
  const variables = Object.keys(env).filter((variable) => variable.startsWith(prefix));
  // Runners write capital letters; what only differs in that is the same input.
  const values = new Map(variables.map((variable) => [variable.toUpperCase(), env[variable]]));
  for (const variable of variables) if (variable === variable.toUpperCase()) values.set(variable, env[variable]);
  const given = names.flatMap((name): [string, string][] => {
    const value = values.get(actionVariable(name)) ?? values.get(exportedOf(name));
    return value === undefined ? [] : [[name, value]];
  });
  const others = variables.filter((variable) => !names.includes(inputName(variable).replaceAll('_', '-')));
  const wrong = others.filter(
    (variable) => env[variable]?.trim() && misspelt(inputName(variable).replaceAll('_', '-'), names) !== undefined,
  );
  const foreign = others.filter((variable) => !wrong.includes(variable)).map((variable) => clip(plainText(variable), 60));
  const hidden = names.filter((name) => {
    const [own, exported] = [values.get(actionVariable(name)), values.get(exportedOf(name))];
    return own !== undefined && exported !== undefined && own !== exported;
  });
  return {
    raw: Object.fromEntries([...given, ...wrong.map((variable) => [inputName(variable), env[variable]] as const)]),
    notes: [
      ...(foreign.length === 0 ? [] : [`Ignored, since these are no inputs of this action: ${listed(foreign)}.`]),
      ...hidden.map((name) => `Ignored: ${exportedOf(name)}. The input "${name}" of this step counts.`),
    ],
  };
};
