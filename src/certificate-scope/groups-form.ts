import * as z from 'zod/mini';
import { didYouMean } from '../text/did-you-mean.js';
import { duplicatesOf } from '../text/shape.js';
import { head, id, scopeArray, loadForm, text } from './parts.js';
import type { Loaded, Membership } from './scope.js';

const group = z.strictObject({ id, name: z.optional(text), url: z.optional(text), include: z.optional(scopeArray(id)) });
const version = z.strictObject({ version: id, test: id, attn: z.optional(z.number()) });
const file = z.strictObject({ ...head, groups: scopeArray(group), versions: scopeArray(version) });

type File = z.infer<typeof file>;
type Includes = ReadonlyMap<string, readonly string[]>;

const includesOf = ({ groups }: File): Includes => new Map(groups.map((g) => [g.id, g.include ?? []] as const));

/** A group that holds itself, by whatever way; such a one has no testcases that could be counted. */
const cycleOf = (start: string, includes: Includes): boolean => {
  const seen = new Set<string>();
  const open = [...(includes.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(includes.get(next) ?? []));
  }
  return false;
};

/** Every testcase that a test holds, once, with the group that names it first. There are no targets in this form: all of them count. */
const membersOf = (test: string, includes: Includes): readonly Membership[] => {
  const found = new Map<string, Membership>();
  const visited = new Set<string>();
  const visit = (name: string, within: string): void => {
    const children = includes.get(name);
    if (children === undefined) {
      if (!found.has(name)) found.set(name, { testcase: name, module: within, target: 'main' });
      return;
    }
    if (visited.has(name)) return;
    visited.add(name);
    for (const child of children) visit(child, name);
  };
  visit(test, test);
  return [...found.values()];
};

const referenceProblems = (data: File, testcases: readonly string[]): readonly string[] => {
  const { groups, versions } = data;
  const includes = includesOf(data);
  const ids = groups.map((g) => g.id);
  const known = [...ids, ...testcases];
  return [
    ...duplicatesOf(ids).map((name) => `groups hold "${name}" more than once.`),
    ...duplicatesOf(versions.map((v) => v.version)).map((name) => `versions hold "${name}" more than once.`),
    ...ids.filter((name) => testcases.includes(name)).map((name) => `"${name}" is a group and a testcase as well.`),
    ...groups.flatMap((g) =>
      (g.include ?? [])
        .filter((ref) => !known.includes(ref))
        .map((ref) => `group "${g.id}" includes "${ref}", which is no group and no testcase of the file.${didYouMean(ref, known)}`),
    ),
    ...versions
      .filter((v) => !known.includes(v.test))
      .map(
        (v) =>
          `version "${v.version}" names the test "${v.test}", which is no group and no testcase of the file.${didYouMean(v.test, known)}`,
      ),
    ...ids.filter((name) => cycleOf(name, includes)).map((name) => `group "${name}" includes itself.`),
  ];
};

/** Reads the reworked form: groups of testcases and of groups, one of which is the test of a version. */
export const loadGroupsForm = (document: unknown): Loaded =>
  loadForm(
    {
      form: 'groups',
      shape: file,
      keys: ['groups', 'versions', 'include', 'version', 'test', 'attn'],
      problemsOf: referenceProblems,
      versionsOf: (data) => {
        const includes = includesOf(data);
        return data.versions.map((v) => ({ name: v.version, members: membersOf(v.test, includes) }));
      },
    },
    document,
  );
