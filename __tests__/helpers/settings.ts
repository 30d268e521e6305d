import { configSettings } from '../../src/inputs/config.js';
import { inputSpecs } from '../../src/inputs/list.js';
import type { RawInputs } from '../../src/inputs/layers.js';
import { parseInputs, type Inputs, type Known } from '../../src/inputs/parse.js';
import { reportProblems } from '../../src/reporters/index.js';
import { standards } from '../../src/standards/index.js';

/** What inputs may name, as both surfaces have it. */
export const known: Known = { standards: standards.map((s) => s.id), reports: reportProblems('report') };

const inputNames: readonly string[] = inputSpecs.map(({ name }) => name);
const keys = configSettings.map(({ name }) => name).filter((name) => !inputNames.includes(name));

const part = (raw: RawInputs, wanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(raw).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])));

/** Of settings by name those that are keys of the config file only, e.g. `probe.patience`. */
const configPart = (raw: RawInputs): Record<string, string> => part(raw, (name) => keys.includes(name));

/** The others. */
const inputPart = (raw: RawInputs): Record<string, string> => part(raw, (name) => !keys.includes(name));

const configText = (raw: RawInputs): string => {
  const groups: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(configPart(raw))) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const group = names.reduce<Record<string, unknown>>((at, name) => (at[name] ??= {}) as Record<string, unknown>, groups);
    group[last] = value;
  }
  return JSON.stringify(groups);
};

/** Settings as variables of a step: JSON is YAML, so that the input `config` holds the keys of the config file. */
export const settingVariables = (raw: RawInputs): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(inputPart(raw)).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  ...(Object.keys(configPart(raw)).length === 0 ? {} : { INPUT_CONFIG: configText(raw) }),
});

/** Inputs by the names of settings. @throws {UserError} with every problem */
export const parseSettings = (raw: RawInputs, surface: 'action' | 'terminal' = 'terminal'): Inputs =>
  parseInputs(inputPart(raw), known, surface, { set: configPart(raw) });
