import * as z from 'zod/mini';
import { didYouMean } from '../text/did-you-mean.js';
import { duplicatesOf } from '../text/shape.js';
import { day, head, id, scopeArray, loadForm, text } from './parts.js';
import type { Loaded, Membership, ScopeVersion } from './scope.js';

const parameters = z.optional(z.record(z.string(), z.unknown()));
const module = z.strictObject({
  id,
  name: z.optional(text),
  url: z.optional(text),
  parameters: z.optional(z.unknown()),
  targets: z.optional(z.record(id, scopeArray(id))),
});
const include = z.union([id, z.strictObject({ ref: id, parameters })]);
const version = z.strictObject({
  version: id,
  include: scopeArray(include),
  targets: z.optional(z.unknown()),
  stabilized_at: z.optional(day),
  deprecated_at: z.optional(day),
});
const file = z.strictObject({ ...head, modules: scopeArray(module), versions: scopeArray(version) });

type File = z.infer<typeof file>;
type Module = File['modules'][number];

const membersOf = ({ id: name, targets = {} }: Module): readonly Membership[] =>
  Object.entries(targets).flatMap(([target, ids]) => ids.map((testcase) => ({ testcase, module: name, target })));

/** A target is a set: what two modules bring counts once, by the first of them. */
const withoutRepeats = (members: readonly Membership[]): readonly Membership[] =>
  [...new Map(members.toReversed().map((m) => [`${m.target} ${m.testcase}`, m] as const)).values()].toReversed();

const refsOf = (of: File['versions'][number]): readonly string[] => of.include.map((one) => (typeof one === 'string' ? one : one.ref));

const referenceProblems = ({ modules, versions }: File, testcases: readonly string[]): readonly string[] => {
  const ids = modules.map((m) => m.id);
  return [
    ...duplicatesOf(ids).map((name) => `modules hold "${name}" more than once.`),
    ...duplicatesOf(versions.map((v) => v.version)).map((name) => `versions hold "${name}" more than once.`),
    ...modules.flatMap((m) =>
      membersOf(m)
        .filter(({ testcase }) => !testcases.includes(testcase))
        .map(
          ({ testcase, target }) =>
            `module "${m.id}" names the testcase "${testcase}" for the target "${target}", which no script holds.${didYouMean(testcase, testcases)}`,
        ),
    ),
    ...versions.flatMap((v) =>
      refsOf(v)
        .filter((ref) => !ids.includes(ref))
        .map((ref) => `version "${v.version}" includes "${ref}", which is no module of the file.${didYouMean(ref, ids)}`),
    ),
  ];
};

const versionsOf = ({ modules, versions }: File): readonly ScopeVersion[] => {
  const byId = new Map(modules.map((m) => [m.id, m]));
  return versions.map((v) => ({
    name: v.version,
    members: withoutRepeats(refsOf(v).flatMap((ref) => [byId.get(ref)].flatMap((m) => (m === undefined ? [] : membersOf(m))))),
  }));
};

/** Reads the form that upstream's scope file has today: modules with targets, which versions include. */
export const loadModulesForm = (document: unknown): Loaded =>
  loadForm(
    {
      form: 'modules',
      shape: file,
      keys: ['modules', 'versions', 'version', 'include', 'ref', 'parameters', 'targets', 'stabilized_at', 'deprecated_at'],
      problemsOf: referenceProblems,
      versionsOf,
    },
    document,
  );
