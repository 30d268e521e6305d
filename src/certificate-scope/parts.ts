import * as z from 'zod/mini';
import { isRealDay } from '../text/day.js';
import { lifetimes, validities, type Lifetime, type ScopeForm } from '../model/official.js';
import { duplicatesOf, shapeProblems } from '../text/shape.js';
import type { Loaded, ScopeTestcase, ScopeVersion, TimelineEntry } from './scope.js';

/** What both forms of a scope file have in common. Larger files than these bounds are no scope. */
const most = { text: 10_000, list: 1_000 } as const;

export const text = z.string().check(z.maxLength(most.text));
export const id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'an id is made of letters, digits, ".", "_" and "-"'));
export const scopeArray = <T extends z.core.SomeType>(of: T): z.ZodMiniArray<T> => z.array(of).check(z.maxLength(most.list));

/** YAML's own dates reach us as they are written. */
export const day = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD'), z.refine(isRealDay, 'there is no such date'));

const testcase = z.strictObject({
  id,
  lifetime: z.optional(z.enum(lifetimes)),
  section: z.optional(text),
  description: z.optional(text),
  url: z.optional(text),
});
const script = z.strictObject({
  executable: z.optional(text),
  env: z.optional(z.record(z.string(), text)),
  args: z.optional(text),
  testcases: z.optional(scopeArray(testcase)),
});
const timelineEntry = z.strictObject({ date: day, versions: z.record(id, z.enum(validities)) });

/** Keys of the file itself that both forms have. */
export const head = {
  uuid: z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID is written in small letters')),
  name: text,
  url: z.string().check(z.maxLength(2_000), z.regex(/^https:\/\/[^\s<>&]+$/, 'it must begin with https://')),
  prerequisite: z.optional(z.unknown()),
  variables: z.optional(scopeArray(z.unknown())),
  scripts: z.optional(scopeArray(script)),
  timeline: scopeArray(timelineEntry),
};

/** Names that a file of either form may hold. */
const keysOfParts = [
  ...Object.keys(head),
  ...['executable', 'env', 'args', 'testcases', 'id', 'lifetime', 'section', 'description'],
  'date',
];

type Script = z.infer<typeof script>;

/** Upstream's word for a testcase without one. */
const usualLifetime: Lifetime = 'week';

/** The testcases of all scripts, and a sentence for each id that is there twice. */
const testcasesOf = (
  scripts: readonly Script[],
): { readonly testcases: ReadonlyMap<string, ScopeTestcase>; readonly problems: readonly string[] } => {
  const all = scripts.flatMap(({ executable, testcases = [] }) =>
    testcases.map((one) => ({ id: one.id, lifetime: one.lifetime ?? usualLifetime, manual: executable === undefined })),
  );
  return {
    testcases: new Map(all.map((one) => [one.id, one])),
    problems: duplicatesOf(all.map((one) => one.id)).map((name) => `scripts hold the testcase "${name}" more than once.`),
  };
};

/** The timeline, and a sentence for each date that is there twice and each version that the file does not hold. */
const timelineOf = (
  entries: readonly z.infer<typeof timelineEntry>[],
  versions: readonly string[],
): { readonly timeline: readonly TimelineEntry[]; readonly problems: readonly string[] } => ({
  timeline: entries.map(({ date, versions: valid }) => ({ date, validity: new Map(Object.entries(valid)) })),
  problems: [
    // Which one holds would depend on the order, and upstream's rule is that it must not.
    ...duplicatesOf(entries.map(({ date }) => date)).map((date) => `timeline holds the date ${date} more than once.`),
    ...entries.flatMap(({ date, versions: valid }) =>
      Object.keys(valid)
        .filter((name) => !versions.includes(name))
        .map((name) => `timeline of ${date} names the version "${name}", which the file does not hold.`),
    ),
  ],
});

/** A file of either form whose shape is right. */
type File = z.infer<z.ZodMiniObject<typeof head>> & { readonly versions: readonly { readonly version: string }[] };

/** What one form has of its own. */
interface Form<F extends File> {
  readonly form: ScopeForm;
  readonly shape: z.ZodMiniType<F>;
  /** Keys beside those of the parts, for the nearest valid name. */
  readonly keys: readonly string[];
  /** A sentence for each name that leads nowhere or is there twice. */
  readonly problemsOf: (file: F, testcases: readonly string[]) => readonly string[];
  readonly versionsOf: (file: F) => readonly ScopeVersion[];
}

/** Reads a file of one form: its shape first, then what its parts say of each other. */
export const loadForm = <F extends File>({ form, shape, keys, problemsOf, versionsOf }: Form<F>, document: unknown): Loaded => {
  const parsed = shape.safeParse(document, { reportInput: true });
  if (!parsed.success) return { problems: shapeProblems(parsed.error, [...keysOfParts, ...keys]) };
  const { data } = parsed;
  const { testcases, problems: doubled } = testcasesOf(data.scripts ?? []);
  const { timeline, problems: unknown } = timelineOf(
    data.timeline,
    data.versions.map((v) => v.version),
  );
  const problems = [...doubled, ...problemsOf(data, [...testcases.keys()]), ...unknown];
  if (problems.length > 0) return { problems };
  return { scope: { form, uuid: data.uuid, name: data.name, url: data.url, testcases, versions: versionsOf(data), timeline } };
};
