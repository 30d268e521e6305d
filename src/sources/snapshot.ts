import * as z from 'zod/mini';
import { clip, clipMiddle, plainText } from '../text/escape.js';
import { UserError } from '../model/errors.js';
import { isUnavailable, unavailableReasons, type Fact, type Facts, type Unavailable } from '../model/fact.js';
import { foreignBecause, firstSourceOf } from '../model/origin.js';
import { tiers } from '../model/outcome.js';
import { printablePath } from '../text/path-or-text.js';
import { jsonLimits, readJson, TooMuchJson } from '../text/read-json.js';
import { readTextFile } from '../system/text-file.js';
import type { Source } from './source.js';

const format = 'scs-kaas-snapshot';
const version = 1;
/** 5,000 nodes with all their facts take a fifth of it. */
const maxBytes = 32 * 1024 * 1024;
const limits = { values: 2_000_000, depth: jsonLimits.depth } as const;
/** What all facts together may take of it; the rest is for what stands around them. */
const factsBounds = { bytes: maxBytes - 1024 * 1024, lines: limits.values / 2 } as const;
const longestDetail = 10_000;

const longestText = 1_000;
const maxCaveats = 20;
const shortText = z.string().check(z.maxLength(longestText));
const instant = z.iso.datetime({ offset: true });

const toolSchema = z.strictObject({ name: shortText, version: shortText });

const schema = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  /** The moment of looking, ISO 8601. */
  recordedAt: instant,
  tool: toolSchema,
  cluster: z.strictObject({
    name: shortText,
    /** Where the recorded cluster came from, e.g. `kubeconfig`. */
    source: shortText,
    detail: shortText,
    /** What every report on it has to say, e.g. that kind certifies nothing. */
    caveats: z.optional(z.readonly(z.array(shortText).check(z.maxLength(maxCaveats)))),
  }),
  /** How far the run went; `light` where it does not say. */
  tier: z.optional(z.enum(tiers)),
  /** One value, or one `Unavailable`, per fact; each is checked by its own schema when it is used. */
  facts: z.record(z.string(), z.unknown()),
});

/** The facts of one run, to be judged again. */
export type Snapshot = Readonly<Omit<z.infer<typeof schema>, 'format' | 'version'>>;

export interface SnapshotOptions {
  /** A path. Either this or `text`. */
  readonly file?: string | undefined;
  readonly text?: string | undefined;
  /** What people know it by, for errors. */
  readonly name: string;
}

/** Caveats in the length and number that a snapshot holds: what a run says in words of the cluster has no end by itself. */
export const boundedCaveats = (caveats: readonly string[]): readonly string[] =>
  (caveats.length <= maxCaveats
    ? caveats
    : [...caveats.slice(0, maxCaveats - 1), `And ${caveats.length - maxCaveats + 1} more of these.`]
  ).map((caveat) => clipMiddle(caveat, longestText));

/** A snapshot as text: the same facts give the same bytes, in whatever order they were collected. */
export const writeSnapshot = ({ recordedAt, tool, cluster, tier, facts }: Snapshot): string =>
  `${JSON.stringify(
    {
      format,
      version,
      recordedAt,
      tool: { name: tool.name, version: tool.version },
      cluster: {
        name: clip(cluster.name, longestText),
        source: cluster.source,
        detail: clip(cluster.detail, longestText),
        caveats: cluster.caveats?.length ? boundedCaveats(cluster.caveats) : undefined,
      },
      tier: tier === 'light' ? undefined : tier,
      facts: Object.fromEntries(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
    null,
    1,
  )}\n`;

const notRead = (name: string, why: string, cause?: unknown): UserError =>
  new UserError([`Cannot use the snapshot ${name}: ${why}. Record one with "scs-kaas record FILE".`], { cause });

const headerSchema = z.object({ format: z.literal(format), version: z.number(), tool: z.optional(z.unknown()) });

/** The program that wrote a snapshot, in as many characters as anybody needs. */
const writer = ({ name, version: of }: z.infer<typeof toolSchema>): string => `${clip(plainText(name), 40)} ${clip(plainText(of), 40)}`;

/**
 * Reads a snapshot's text.
 * @param name for errors
 * @throws {UserError} where it is none, holds too much, or is of a version that this program does not know
 */
export const parseSnapshot = (text: string, name: string): Snapshot => {
  let raw: unknown;
  try {
    raw = readJson(text, limits);
  } catch (cause) {
    if (cause instanceof TooMuchJson) throw notRead(name, cause.message, cause);
    throw notRead(name, text.trim() === '' ? 'it is empty' : 'it is not JSON', cause);
  }
  const header = headerSchema.safeParse(raw);
  if (!header.success) throw notRead(name, `it is JSON, but not of the format ${format}`);
  if (header.data.version !== version) {
    const by = toolSchema.safeParse(header.data.tool);
    const who = by.success ? ` of ${writer(by.data)}` : '';
    const advice = header.data.version > version ? 'update the program' : 'record it again';
    throw notRead(name, `it has version ${header.data.version} of the format${who}, and this program reads version ${version}; ${advice}`);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.').slice(0, 100) || 'its top level'} is not as it should be (${issue.code.replaceAll('_', ' ')})`);
  throw notRead(name, wrong.join(', '), parsed.error);
};

const unavailableSchema = z.strictObject({ unavailable: z.enum(unavailableReasons), detail: z.string().check(z.maxLength(longestDetail)) });

const malformed = (name: string): Unavailable => ({
  unavailable: 'malformed',
  detail: `${name}: the snapshot holds it in another shape than this program reads; record it again`,
});

/**
 * Checks facts from elsewhere by their schemas.
 * @param facts as a snapshot holds them
 * @param definitions of the facts that will be judged; others are left out
 * @returns for each: its value, its `Unavailable`, or `malformed` where it is neither; what was not recorded stays absent
 */
export const validateFacts = (facts: Facts, definitions: readonly Fact<unknown>[]): Facts =>
  Object.fromEntries(
    definitions.flatMap((fact) => {
      if (!Object.hasOwn(facts, fact.name)) return [];
      const value = facts[fact.name];
      const parsed = isUnavailable(value) ? unavailableSchema.safeParse(value) : fact.schema.safeParse(value);
      return [[fact.name, parsed.success ? parsed.data : malformed(fact.name)]];
    }),
  );

/** Bytes and lines of a fact as a snapshot holds it. */
const sizeOf = (name: string, value: unknown): { readonly bytes: number; readonly lines: number } => {
  const text = JSON.stringify({ facts: { [name]: value } }, null, 1);
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return { bytes: Buffer.byteLength(text), lines };
};

const fitting = (name: string, value: unknown, fact: Fact<unknown> | undefined): unknown => {
  if (isUnavailable(value)) return { unavailable: value.unavailable, detail: clipMiddle(value.detail, longestDetail) };
  if (fact === undefined || fact.schema.safeParse(value).success) return value;
  return { unavailable: 'malformed', detail: `${name}: what was read has not the shape of this fact; please report this` };
};

/**
 * Facts as a snapshot can hold them, so that a replay judges by the same ones: what is larger, or not of its own schema, is unavailable.
 * @param definitions of the facts, by which they are checked
 */
export const fitForSnapshot = (facts: Facts, definitions: readonly Fact<unknown>[]): Facts => {
  const known = new Map(definitions.map((fact) => [fact.name, fact] as const));
  const all = Object.entries(facts).map(([name, value]) => {
    const fit = fitting(name, value, known.get(name));
    return { name, value: fit, size: sizeOf(name, fit) };
  });
  const total = { bytes: 0, lines: 0 };
  // The smallest first: one that has grown without bound costs no other one its place.
  for (const one of all.toSorted((a, b) => a.size.bytes - b.size.bytes)) {
    total.bytes += one.size.bytes;
    total.lines += one.size.lines;
    if (total.bytes <= factsBounds.bytes && total.lines <= factsBounds.lines) continue;
    one.value = { unavailable: 'too-large', detail: `${one.name}: its ${one.size.bytes} bytes do not fit into a snapshot` };
  }
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
};

const readSnapshotText = async (options: SnapshotOptions): Promise<string> => {
  const { file, text, name } = options;
  if (file === undefined) return text ?? '';
  const read = await readTextFile(file, { maxBytes });
  if ('text' in read) return read.text;
  throw notRead(printablePath(name), read.problem);
};

/**
 * What a report says of where a recorded cluster comes from. That it is none of a provider's must outlive each recording; a recording of a
 * recording is one of the same cluster, and keeps what the first one says.
 */
const toldOf = ({ recordedAt, tool, cluster }: Snapshot): { readonly source: string; readonly detail: string } => {
  const first = firstSourceOf(cluster);
  return {
    source: foreignBecause(first) === undefined ? 'snapshot' : first,
    detail: cluster.source === 'snapshot' ? cluster.detail : `recorded at ${recordedAt} by ${writer(tool)} from ${cluster.source}`,
  };
};

/** The facts of an earlier run. */
export const snapshotSource: Source<SnapshotOptions> = {
  name: 'snapshot',
  open: async (options) => {
    const snapshot = parseSnapshot(await readSnapshotText(options), options.name);
    const { recordedAt, cluster, tier = 'light', facts } = snapshot;
    return {
      name: cluster.name,
      ...toldOf(snapshot),
      caveats: cluster.caveats ?? [],
      cluster: { live: false, facts, recordedAt, tier },
      close: () => Promise.resolve([]),
    };
  },
};
