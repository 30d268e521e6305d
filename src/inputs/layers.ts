/** Texts by the name of the setting; an absent or empty one stands for what the next layer says, and at last for the default. */
export type RawInputs = Readonly<Record<string, string | undefined>>;

/** Settings from one place. */
export interface Layer {
  readonly values: RawInputs;
  /** How an error names a setting of this place, at the beginning of a sentence. */
  readonly nameOf: (name: string) => string;
  /** True for a config file, which also holds what other runs need. */
  readonly shared: boolean;
}

/** What a config file says, and how errors name the file. */
export interface ConfigValues {
  readonly values: RawInputs;
  readonly name: string;
}

/** Where a check was told what to do. */
export interface GivenLayers {
  readonly config?: ConfigValues | undefined;
  /** Of `--set KEY=VALUE`. */
  readonly set?: RawInputs | undefined;
}

/** The name of a setting in the middle of a sentence. */
export const inSentence = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** How an error names an input in a workflow, or an option on a terminal. */
const nameOn =
  (surface: 'action' | 'terminal') =>
  (name: string): string => {
    if (name.includes('.')) return `Setting "${name}"`;
    return surface === 'action' ? `Input "${name}"` : `Option "--${name}"`;
  };

/** The layers of a check, the first of which counts: input or option, `--set`, config file. */
export const layersOf = (raw: RawInputs, surface: 'action' | 'terminal', { config, set }: GivenLayers): readonly [Layer, ...Layer[]] => [
  { values: raw, nameOf: nameOn(surface), shared: false },
  ...(set === undefined ? [] : [{ values: set, nameOf: (name: string) => `Option "--set ${name}"`, shared: false }]),
  ...(config === undefined ? [] : [{ values: config.values, nameOf: (name: string) => `"${name}" in ${config.name}`, shared: true }]),
];
