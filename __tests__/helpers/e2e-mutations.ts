import { gunzipSync, gzipSync } from 'node:zlib';
import { readArchive } from '../../src/conformance/archive.js';
import { BadResults } from '../../src/conformance/bad-results.js';
import { toRun, unusableRun, type ImportedRun } from '../../src/conformance/run.js';
import { conformanceRule, judgeSuite, judgeTestedVersion, networkPolicyRule } from '../../src/standards/support/e2e.js';
import { archiveEntries, resultsOf, tarOf } from './e2e-files.js';

/** Random numbers that can be had again: mulberry32. */
export const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

const words = [
  'passed',
  'skipped',
  'failed',
  '[Conformance]',
  'NetworkPolicy',
  '<failure>',
  '</testcase>',
  '0',
  '1',
  '"',
  '<',
  '&',
  'true',
  'false',
  '\0',
  '../',
  '\u{1f600}',
];

/** One to four changes of bytes, bits, words and pieces. */
const mutate = (original: Buffer, random: (below: number) => number): Buffer => {
  let bytes = Buffer.from(original);
  for (let changes = 1 + random(4); changes > 0 && bytes.length > 0; changes--) {
    const at = random(bytes.length);
    const length = 1 + random(random(4) === 0 ? 2_000 : 20);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (random(8)) {
      case 0:
        bytes.writeUInt8(random(256), at);
        break;
      case 1:
        bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random(8)), at);
        break;
      case 2:
        bytes = Buffer.from(head);
        break;
      case 3:
        bytes = Buffer.concat([head, tail.subarray(length)]);
        break;
      case 4:
        bytes = Buffer.concat([head, tail.subarray(0, length), tail]);
        break;
      case 5:
        bytes = Buffer.concat([head, Buffer.from(words[random(words.length)] ?? ''), tail.subarray(random(2) === 0 ? 0 : length)]);
        break;
      case 6: {
        const from = random(bytes.length);
        bytes = Buffer.concat([head, bytes.subarray(from, from + length), tail.subarray(length)]);
        break;
      }
      default:
        bytes = Buffer.concat([head, Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256))), tail.subarray(random(8))]);
    }
  }
  return bytes;
};

const importOf = async (packed: Buffer): Promise<ImportedRun> => {
  const files = [{ name: 'x.tar.gz', sha256: '' }];
  try {
    return toRun(await readArchive(packed), 'sonobuoy', files);
  } catch (error) {
    if (error instanceof BadResults) return unusableRun(error.message, 'sonobuoy', files);
    throw error;
  }
};

const now = new Date('2026-11-25T00:00:00Z');
/** The cluster came after all that is tested here, so that only the results keep the version from having been tested before. */
const since = { nodes: [], namespaces: [{ name: 'kube-system', enforce: null, created: '2026-11-24T00:00:00Z' }] };
/** Which of the requirements a file passes, on the cluster that it says it came from and, for the tests before a rollout, on another one. */
export const passesOf = async (packed: Buffer): Promise<readonly string[]> => {
  const imported = await importOf(packed);
  const [results, elsewhere] = [resultsOf([imported]), resultsOf([imported], undefined, { kubeSystem: 'another', nodes: [] })];
  const server = { gitVersion: 'v1.36.3' };
  const outcomes = {
    conformance: judgeSuite(conformanceRule)(results, server, now).outcome,
    policy: judgeSuite(networkPolicyRule)(results, server, now).outcome,
    tested: judgeTestedVersion(elsewhere, server, now, since).outcome,
  };
  return Object.entries(outcomes).flatMap(([name, outcome]) => (outcome === 'pass' ? [name] : []));
};

/** The places at which a file is changed: as it is packed, the tar in it, or the results in that. */
export const layers = {
  packed: (original: Buffer, random: (below: number) => number): Buffer => mutate(original, random),
  tar: (original: Buffer, random: (below: number) => number): Buffer => gzipSync(mutate(gunzipSync(original), random), { level: 1 }),
} as const;

/** An archive of these results, changed in its JUnit file alone. */
export const mutatedJunit = (junit: string, random: (below: number) => number): Buffer => {
  const entries = archiveEntries(junit, { status: 'failed' });
  const changed = mutate(Buffer.from(junit), random);
  return gzipSync(tarOf(entries.map((entry) => (entry.path.endsWith('.xml') ? { ...entry, content: changed } : entry))), { level: 1 });
};
