/** One input of the action, which is one option of the command line as well. */
export interface InputSpec {
  readonly name: string;
  readonly description: string;
  /** As in action.yml; `''` where the input is optional and has none. */
  readonly default: string;
  /** The default of the command line, where it differs. */
  readonly terminalDefault?: string | undefined;
  /** Means nothing on a terminal, and is no option there. */
  readonly only?: 'action' | undefined;
  /**
   * Holds a secret, or the path of a file with one. On a terminal it is a path or `-`; the text itself comes by the environment (`SCS_KAAS_…`), since
   * arguments stand in the list of processes and in the history of the shell.
   */
  readonly secret?: true | undefined;
  /** `flag`: true or false. `value`: text. */
  readonly takes: 'value' | 'flag';
  /** The heading under which it is listed. */
  readonly group: 'cluster' | 'kind' | 'judging' | 'probing' | 'testing' | 'delivering' | 'limits';
}

/** Makes one: a default of `true` or `false` makes it a flag. */
export const spec = <N extends string>(
  group: InputSpec['group'],
  name: N,
  fallback: string,
  description: string,
  more: Partial<InputSpec> = {},
): InputSpec & { readonly name: N } => ({
  group,
  default: fallback,
  description,
  takes: fallback === 'true' || fallback === 'false' ? 'flag' : 'value',
  ...more,
  name,
});
