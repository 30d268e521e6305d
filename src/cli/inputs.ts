import { readConfig } from '../inputs/config-file.js';
import { parseSet } from '../inputs/config.js';
import type { GivenLayers, RawInputs } from '../inputs/layers.js';
import { inputSpecs } from '../inputs/list.js';
import { mergeSpecs, uploadSpecs } from '../inputs/list-actions.js';
import { parseInputs, type Inputs } from '../inputs/parse.js';
import { parseMergeInputs, type MergeInputs } from '../inputs/parse-merge.js';
import { parseUploadInputs, type UploadInputs } from '../inputs/parse-upload.js';
import type { Setting } from '../inputs/spec.js';
import { UserError } from '../model/errors.js';
import { reportProblems } from '../reporters/index.js';
import { standards } from '../standards/index.js';
import { assertNoProblem, type Arguments } from './arguments.js';
import { redactor, writeError } from './screen.js';
import { readSecretTexts, withSecrets } from './secrets.js';

/** @throws {UserError} with every problem of the words and of the inputs, without values that may be secrets */
const withProblems = <T>(args: Arguments, others: readonly string[], read: () => T): T => {
  const all = [...args.problems, ...others];
  const readAll = (): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof UserError) assertNoProblem([...all, ...error.problems], args);
      throw error;
    }
  };
  const value = readAll();
  assertNoProblem(all, args);
  return value;
};

const rawOf = ({ options }: Arguments, specs: readonly Setting[]): RawInputs =>
  Object.fromEntries(specs.flatMap(({ name }) => (options[name] === undefined ? [] : [[name, options[name]]])));

interface Layers extends GivenLayers {
  readonly problems: readonly string[];
}

const readLayers = async ({ options, repeated }: Arguments): Promise<Layers> => {
  const set = parseSet(repeated['set'] ?? []);
  try {
    const config = await readConfig(options['config'], { root: process.cwd() });
    const keys = Object.keys(config?.values ?? {});
    if (config !== undefined && options['config'] === undefined && keys.length > 0)
      writeError(`Settings of ${config.name}: ${keys.join(', ')}\n`);
    return { config, set: set.values, problems: set.problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { set: set.values, problems: [...set.problems, ...error.problems] };
  }
};

/** The inputs of a command on a cluster. @throws {UserError} with every problem */
export const inputsOf = async (args: Arguments): Promise<Inputs> => {
  const given = rawOf(args, inputSpecs);
  const [layers, texts] = await Promise.all([readLayers(args), readSecretTexts(given)]);
  const cluster = given['cluster'] ?? layers.set?.['cluster'] ?? layers.config?.values['cluster'] ?? 'kubeconfig';
  // A variable may be set for other commands, where an option would be refused.
  const names = ['github-token', ...(cluster === 'kubeconfig' ? ['kubeconfig'] : [])];
  const { raw, problems } = withSecrets(given, names, { env: process.env, texts, secret: redactor.add });
  const known = { standards: standards.map(({ id }) => id), reports: reportProblems('report') };
  return withProblems(args, [...layers.problems, ...problems], () => parseInputs(raw, known, 'terminal', layers));
};

/** The inputs of the command `merge`. @throws {UserError} with every problem */
export const mergeInputsOf = (args: Arguments): MergeInputs =>
  withProblems(args, [], () => parseMergeInputs(rawOf(args, mergeSpecs), reportProblems('fleet'), 'terminal'));

/** The inputs of the command `upload`. @throws {UserError} with every problem */
export const uploadInputsOf = async (args: Arguments): Promise<UploadInputs> => {
  const given = rawOf(args, uploadSpecs);
  const texts = await readSecretTexts(given);
  const { raw, problems } = withSecrets(given, ['login', 'key'], { env: process.env, texts, secret: redactor.add });
  return withProblems(args, problems, () => parseUploadInputs(raw, 'terminal'));
};
