/** The headings under which settings are listed, in their order. */
export const groups = ['Cluster', 'kind', 'Check', 'Reports', 'Other'] as const;
export type Group = (typeof groups)[number];

/** One setting: an input of an action, which is an option of the command line as well, or a key of the config file. */
export interface Setting {
  /** Of an input, e.g. `fail-on`; of a key that only the config file holds, its path: `kind.image`. */
  readonly name: string;
  /** A noun phrase, the values, and the default if it is no value. With its default it has at most 125 characters, as the Marketplace refuses more. */
  readonly description: string;
  /** `''` if the setting is optional and has none. No action.yml holds it, as the runner would put it before what the config file says. */
  readonly default: string;
  /** The description in the help of the command line, which has one line for most, with the default. */
  readonly terminal?: string | undefined;
  /** The default of the command line, if it differs. */
  readonly terminalDefault?: string | undefined;
  /** An action without it fails. On a terminal it is an argument. */
  readonly required?: true | undefined;
  /** Means nothing on a terminal, and is no option there. */
  readonly only?: 'action' | undefined;
  /**
   * Holds a secret, or the path of a file with one. No config file holds it. On a terminal it is a path or `-`; the text comes by the environment
   * (`SCS_KAAS_…`), since arguments stand in the list of processes and in the history of the shell.
   */
  readonly secret?: true | undefined;
  /** `flag`: true or false. `list`: words that commas or line breaks separate. `value`: any other text. */
  readonly takes: 'value' | 'flag' | 'list';
  /** The words that it takes, if they are few. */
  readonly values?: readonly string[] | undefined;
  /** What completes the value on a terminal, if it takes more than `values` can say; `snapshot:` continues with a path. */
  readonly completions?: readonly string[] | undefined;
  /** What stands for the value in the help, e.g. `FILE`. */
  readonly placeholder: string;
  readonly group: Group;
}

/** The description with its default, as it stands in action.yml, in the documentation and in the schema. */
export const describe = ({ description, default: fallback }: Setting): string =>
  fallback === '' || fallback.startsWith('${{') || description.includes('Default:')
    ? description
    : `${description} Default: \`${fallback}\`.`;

/** Makes a setting: a default of `true` or `false` makes it a flag. */
export const setting = <N extends string>(
  group: Group,
  name: N,
  fallback: string,
  description: string,
  more: Partial<Setting> = {},
): Setting & { readonly name: N } => ({
  group,
  default: fallback,
  description,
  takes: fallback === 'true' || fallback === 'false' ? 'flag' : 'value',
  placeholder: more.values === undefined ? 'VALUE' : more.values.join('|'),
  ...more,
  name,
});
