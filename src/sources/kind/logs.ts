import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../model/errors.js';
import type { SourceContext } from '../source.js';
import { runInstalled, type Tool } from '../../tools/install.js';

const logsMs = 90_000;

/** Saves the logs of a cluster, bounded in time; answers with a sentence about them. */
export const saveLogs = async (
  kind: Tool,
  name: string,
  context: SourceContext,
  { logsParent, onLogs }: { readonly logsParent?: string | undefined; readonly onLogs?: ((folder: string) => void) | undefined },
): Promise<string> => {
  // Beside the directory of the run, which may be removed at its end.
  const folder = join(logsParent ?? dirname(context.directory), `${name}-logs`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const ended = await runInstalled(kind, context.env, {
      args: ['export', 'logs', folder, '--name', name],
      timeoutMs: logsMs,
      stop: context.signal,
    });
    if ((await readdir(folder)).length === 0) {
      await rm(folder, { recursive: true });
      return 'kind left no logs.';
    }
    onLogs?.(folder);
    return ended.how === 'exit' && ended.code === 0 ? `kind's logs are in ${folder}.` : `What could be had of kind's logs is in ${folder}.`;
  } catch (error) {
    return `kind's logs could not be saved: ${reasonOf(error)}.`;
  }
};
