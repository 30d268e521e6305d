import { inputSpecs } from './input-specs.js';
import type { RawInputs } from './inputs.js';

/** The inputs as the runner hands them over; a name that is not an input is kept, so that a mistyped one is told. */
export const rawInputsOf = (env: Readonly<Record<string, string | undefined>>): RawInputs => {
  const names = new Map(inputSpecs.map((s) => [`INPUT_${s.name.toUpperCase()}`, s.name]));
  return Object.fromEntries(
    Object.entries(env)
      .filter(([key]) => key.startsWith('INPUT_'))
      .map(([key, value]) => [names.get(key) ?? key.slice('INPUT_'.length).toLowerCase(), value]),
  );
};
