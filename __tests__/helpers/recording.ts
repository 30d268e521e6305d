import { readFile, writeFile } from 'node:fs/promises';
import { program } from './program.js';

/** Records the example into a file, as if it had been a cluster of another source: a recording of the example itself is none of a provider's. */
export const recordAs = async (file: string, source: string, parts: object = {}): Promise<void> => {
  await program(['record', file, '--cluster', 'embedded']);
  const recording = JSON.parse(await readFile(file, 'utf8')) as { readonly cluster: object };
  await writeFile(file, JSON.stringify({ ...recording, ...parts, cluster: { ...recording.cluster, source, caveats: [] } }));
};
