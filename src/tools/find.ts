import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds a program on the PATH; entries that depend on the working directory, which may be a pull request's, are left out.
 * @param name without the suffix that the platform adds
 */
export const findOnPath = async (name: string, env: Env): Promise<string | undefined> => {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const entry of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    const path = join(entry, file);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
};

/** Where a program is kept between runs: the tool cache of the runner, or the user's cache. */
export const programCache = (name: string, env: Env): string => {
  const given = [env['RUNNER_TOOL_CACHE'], env['XDG_CACHE_HOME']].find((path) => path !== undefined && isAbsolute(path));
  return join(given ?? join(env['HOME'] ?? homedir(), '.cache'), 'scs-kaas', name);
};

/** What a program is told of the environment: not the inputs and tokens of the run, and no kubeconfig that it could write into. */
export const environmentFor = (env: Env): Env =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(INPUT_|STATE_|ACTIONS_|KIND_CLUSTER_NAME$|KUBECONFIG$|SONOBUOY_)/.test(name) && !/TOKEN|SECRET|PASSWORD/i.test(name),
    ),
  );
