import { readFile, writeFile } from 'node:fs/promises';
import { program } from './program.js';
import { releasesFact } from './release-facts.js';

interface Recorded {
  readonly recordedAt: string;
  readonly cluster: object;
  readonly facts: { readonly nodes: readonly object[] };
}

/**
 * Records the example into a file, as if it had been a cluster of another source: a recording of the example itself is none of a provider's. Unless the
 * source is kind its nodes are not kind's either.
 */
export const recordAs = async (file: string, source: string, parts: Partial<Recorded> = {}): Promise<void> => {
  await program(['record', file, '--cluster', 'embedded']);
  const recording = { ...(JSON.parse(await readFile(file, 'utf8')) as Recorded), ...parts };
  const { recordedAt, cluster, facts } = recording;
  const nodes = source === 'kind' ? facts.nodes : facts.nodes.map((node) => ({ ...node, kind: undefined }));
  const clocks = { here: recordedAt, server: recordedAt };
  // 1.36.3 is behind two patches in them, so that one official testcase has a result.
  const releases = { 'kubernetes-releases': releasesFact({ asOf: recordedAt }) };
  await writeFile(
    file,
    JSON.stringify({ ...recording, facts: { ...facts, ...releases, nodes, clocks }, cluster: { ...cluster, source, caveats: [] } }),
  );
};
