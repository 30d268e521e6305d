import type { RungName } from '../model/outcome.js';
import { permissionText } from '../model/permission.js';
import type { Requirement, Rung, SettledBy } from '../model/requirement.js';
import type { ReporterOptions } from './reporter.js';

/** Of a terminal, what a text of the catalogue follows. */
export type View = Pick<ReporterOptions, 'colour' | 'width'>;

/** What each rung of the evidence ladder does. */
export const rungWords: Readonly<Record<RungName, string>> = {
  read: 'an object or endpoint states it',
  behave: 'the API server shows it, nothing is stored',
  act: 'short-lived objects in namespaces of the run show it, and are removed (tier active)',
  e2e: 'results of the Kubernetes end-to-end tests show it (tier heavy, or the input `e2e-results`)',
  declare: 'the provider states it',
};

/** Of a requirement without evidence. */
export const unseen = 'no evidence that this program collects';
/** What settles a requirement beside the evidence of this run, in a few words. */
export const settlers = (s: SettledBy | undefined): string =>
  [
    ...(s?.tier === undefined ? [] : [`tier ${s.tier}`]),
    ...(s?.statement === true ? ['a statement of the provider'] : []),
    ...(s?.fleet === true ? ['the provider’s other clusters'] : []),
  ].join(', ');

/** The permissions of a rung's facts, each once, with the role that holds it. */
export const rungPermissions = (rung: Rung): readonly string[] => [
  ...new Set(rung.facts.flatMap((fact) => fact.permissions.map((p) => `${permissionText(p)} (${p.role})`))),
];
/** The names of a rung's facts. */
export const factNames = (rung: Rung): readonly string[] => rung.facts.map((fact) => fact.name);

/** A rung by its name, with the tier where the one that runs by itself does not climb it. */
const rungNames: Readonly<Partial<Record<RungName, string>>> = { act: 'act (tier active)', e2e: 'e2e (results of the Kubernetes tests)' };

/** How a requirement is settled, in a few words for a list. */
export const evidenceWords = (r: Requirement): string =>
  [...new Set(r.ladder.map(({ rung }) => rungNames[rung] ?? rung))].join(', ') || settlers(r.settledBy) || unseen;

/**
 * What settles it where this program's ladder does not, as a lead and a sentence. A tier that climbs a rung of the ladder is no other way:
 * there, the reader of a lower run has to know.
 */
export const elseOf = (r: Requirement): readonly [lead: string, how: string] | undefined => {
  const { settledBy } = r;
  if (settledBy === undefined) return undefined;
  if (settledBy.tier === 'active' && r.ladder.some(({ rung }) => rung === 'act')) return ['in a light run:', settledBy.nextStep];
  if (settledBy.tier === 'heavy' && r.ladder.some(({ rung }) => rung === 'e2e')) return ['without results:', settledBy.nextStep];
  const also = settlers(settledBy);
  return ['otherwise', `${also === '' ? '' : `${also}: `}${settledBy.nextStep}`];
};
