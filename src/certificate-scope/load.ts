import { UserError } from '../model/errors.js';
import { problemsOfFile } from '../text/shape.js';
import { loadGroupsForm } from './groups-form.js';
import { loadModulesForm } from './modules-form.js';
import type { Loaded, Scope } from './scope.js';

const load = (document: unknown): Loaded => {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { problems: ['it is no scope file: a mapping with uuid, name, scripts, timeline and versions.'] };
  const isModules = 'modules' in document;
  const isGroups = 'groups' in document;
  if (isModules === isGroups)
    return {
      problems: [`it holds ${isModules ? 'both of' : 'neither of'} "modules" and "groups"; the form of the file is told by one of them.`],
    };
  return isModules ? loadModulesForm(document) : loadGroupsForm(document);
};

/**
 * Reads upstream's certificate scope file, in today's form and in the reworked one.
 * @param document plain data, as YAML's core schema gives them: dates are texts
 * @param name of the file, for its problems
 * @throws {UserError} with every problem: unknown keys, ids that are there twice, references to nothing
 */
export const loadScope = (document: unknown, name: string): Scope => {
  const loaded = load(document);
  if ('problems' in loaded) throw new UserError(problemsOfFile(`The scope file "${name}"`, loaded.problems));
  return loaded.scope;
};
