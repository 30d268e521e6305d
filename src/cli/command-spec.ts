/** An option of one command. */
export interface OptionSpec {
  /** Without dashes, e.g. `format`. */
  readonly name: string;
  /** One letter, without a dash. */
  readonly short?: string | undefined;
  readonly takes: 'value' | 'flag';
  /** What stands for the value in help, e.g. `FILE`. */
  readonly placeholder?: string | undefined;
  /** The words that it takes, if they are few and known. One that ends with `:` or `=` continues with a path. */
  readonly values?: readonly string[] | undefined;
  readonly description: string;
  readonly default?: string | undefined;
  readonly repeatable?: true | undefined;
  readonly secret?: true | undefined;
  /** Heading in the help. */
  readonly group?: string | undefined;
}

/** A positional argument. */
export interface ArgumentSpec {
  readonly name: string;
  readonly required: boolean;
  /** Takes all further words as well; only the last argument of a command does. */
  readonly variadic?: true | undefined;
  /** Words that complete it, e.g. the ids of standards; `file` for paths. */
  readonly values?: readonly string[] | 'file' | undefined;
}

/** One command of the command line. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly { readonly command: string; readonly what: string }[];
}
