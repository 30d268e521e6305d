import type { FleetCluster } from '../model/fleet.js';
import type { Report } from '../model/report.js';

/** One cluster of the fleet. */
export interface Member {
  readonly cluster: FleetCluster;
  /** As it was read. */
  readonly report: Report;
  /** With what only all reports together tell. */
  readonly judged: Report;
}
