import type { Fleet, FleetCell, FleetCluster, FleetRequirement } from '../model/fleet.js';
import { markOf, outcomeWords, terminalMarks } from './words.js';
import { outcomes } from '../model/outcome.js';

/** A mark on a page: what is recommended and not met costs no certificate, and must not look as if it did. */
export const cellMark = ({ level }: FleetRequirement, cell: FleetCell): string =>
  cell === 'absent' ? '·' : markOf({ outcome: cell, level });
/** What the mark says. */
export const cellWord = ({ level }: FleetRequirement, cell: FleetCell): string =>
  cell === 'fail' && level !== 'MUST' ? 'failed, and no MUST' : cellWords[cell];
export const cellMarksOnTerminal: Readonly<Record<FleetCell, string>> = { ...terminalMarks, absent: ' ' };
export const cellWords: Readonly<Record<FleetCell, string>> = { ...outcomeWords, absent: 'not in its report' };

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
