import type { FleetCluster } from '../model/fleet.js';

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
export const insteadText = ({ instead, reasons }: FleetCluster): string =>
  reasons.length === 0 ? '' : `${instead === undefined ? '' : `its report says ${instead}; `}${reasons.join('; ')}`;
