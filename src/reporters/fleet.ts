import type { Fleet, FleetCell, FleetCluster } from '../model/fleet.js';
import { outcomes } from '../model/outcome.js';

/** The kinds of cells that the table holds, in the order of the legend. */
export const cellsIn = ({ requirements }: Fleet): readonly FleetCell[] =>
  ([...outcomes, 'absent'] as const).filter((cell) => requirements.some((r) => r.outcomes.includes(cell)));

/** How old something is, in the largest unit that says enough. */
export const ageText = ({ ageHours }: FleetCluster): string => {
  if (ageHours < 0) return 'in the future';
  if (ageHours < 1) return 'less than an hour ago';
  if (ageHours < 48) return `${ageHours} hour${ageHours === 1 ? '' : 's'} ago`;
  return `${Math.floor(ageHours / 24)} days ago`;
};

/** A moment without its seconds. */
export const momentText = ({ checkedAt }: FleetCluster): string => `${checkedAt.slice(0, 16).replace('T', ' ')} UTC`;

/** Why the verdict is not the one of its report. */
export const insteadText = ({ instead, because }: FleetCluster): string =>
  because.length === 0 ? '' : `${instead === undefined ? '' : `its report says ${instead}; `}${because.join('; ')}`;
