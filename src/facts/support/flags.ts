/** Flags whose repetition adds to the list; of every other flag the last one counts (pflag's string slices). */
const repeatable = [
  'admission-control',
  'authorization-mode',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'etcd-servers',
  'etcd-servers-overrides',
];

/** A flag's value is shown in reports: long ones are cut, and so is what a sentence would break on. */
const bounded = (value: string): string => value.replace(/\s+/g, ' ').slice(0, 1_000);

const add = (flags: Record<string, string>, name: string, value: string): void => {
  const before = flags[name];
  flags[name] = bounded(before !== undefined && repeatable.includes(name) ? `${before},${value}` : value);
};

/**
 * Reads the flags of a command line, `--name=value`, `--name value` and bare `--name` alike, and keeps those that are judged.
 * @param words command and args of one container
 * @param wanted names without dashes; everything else, paths and tokens among it, stays in the cluster
 */
export const parseFlags = (words: readonly string[], wanted: readonly string[]): Record<string, string> => {
  const flags: Record<string, string> = {};
  words.forEach((word, i) => {
    const match = /^--?([a-z][a-z0-9_-]*)(?:=([\s\S]*))?$/i.exec(word);
    // Components of Kubernetes take `_` for `-` in the names of flags.
    const name = match?.[1]?.replaceAll('_', '-');
    if (name === undefined || !wanted.includes(name)) return;
    const following = words[i + 1];
    add(flags, name, match?.[2] ?? (following !== undefined && !following.startsWith('-') ? following : 'true'));
  });
  return flags;
};

/** `ETCD_CERT_FILE` stands for `cert-file`; undefined for a variable that is none of etcd's. */
const etcdFlagOf = (variable: string): string | undefined => /^ETCD_([A-Z0-9_]+)$/.exec(variable)?.[1]?.toLowerCase().replaceAll('_', '-');

/**
 * Reads etcd's settings out of environment variables: `ETCD_AUTO_COMPACTION_MODE` stands for `auto-compaction-mode`.
 * @param variables of the container with their literal values; those from Secrets and ConfigMaps have none
 */
export const parseEtcdVariables = (
  variables: readonly { name: string; value?: string | undefined }[],
  wanted: readonly string[],
): Record<string, string> => {
  const flags: Record<string, string> = {};
  for (const { name, value } of variables) {
    const flag = etcdFlagOf(name);
    if (flag !== undefined && value !== undefined && wanted.includes(flag)) flags[flag] = bounded(value);
  }
  return flags;
};

/** A container, as far as its environment goes. */
interface Environment {
  readonly env?: readonly { name: string; value?: string | undefined; valueFrom?: unknown }[] | null | undefined;
  readonly envFrom?: readonly unknown[] | null | undefined;
}

/**
 * Whether a setting of etcd may come from a ConfigMap or a Secret, which are not read.
 * @param flags of the command line: what they set, no variable changes
 */
export const setsHiddenVariables = (
  { env, envFrom }: Environment,
  wanted: readonly string[],
  flags: Readonly<Record<string, string>>,
): boolean =>
  (envFrom ?? []).length > 0 ||
  (env ?? []).some(({ name, valueFrom }) => {
    const flag = etcdFlagOf(name);
    return valueFrom !== undefined && valueFrom !== null && flag !== undefined && wanted.includes(flag) && !Object.hasOwn(flags, flag);
  });

/** The items of a list flag, as a command line (`a,b`) or `/flagz` (`[a,b]`) shows it. */
export const flagList = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** A boolean flag as Go reads it (strconv.ParseBool); undefined where it is neither. */
export const flagBoolean = (value: string): boolean | undefined => {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value) ? false : undefined;
};
