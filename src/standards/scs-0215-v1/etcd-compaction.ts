import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import type { Answer } from '../../model/outcome.js';
import { everyServer, flagsOfEtcd, type Finding, type ServerFlags } from '../support/control-plane-flags.js';
import { parseGoDuration } from '../support/go-duration.js';

const mode = 'auto-compaction-mode';
const retention = 'auto-compaction-retention';
const hour = 3_600_000;
const asked = 8 * hour;

/** etcd's own defaults (etcd documentation, "Configuration options"). */
const modeOf = (server: ServerFlags): string => server.flags[mode] ?? 'periodic';
const retentionOf = (server: ServerFlags): string => server.flags[retention] ?? '0';

/** Milliseconds; in mode `periodic` a bare number counts hours. Undefined where it is no time: in mode `revision` it counts revisions. */
const timeOf = (server: ServerFlags): number | undefined => {
  if (modeOf(server) !== 'periodic') return undefined;
  const value = retentionOf(server);
  return /^\d{1,9}$/.test(value) ? Number(value) * hour : parseGoDuration(value);
};

const isOff = (server: ServerFlags): boolean => /^0*$/.test(retentionOf(server)) || timeOf(server) === 0;
const set = (server: ServerFlags, name: string): string =>
  server.flags[name] === undefined ? `${name} is not set` : `${name}=${server.flags[name]}`;

const periodic = (server: ServerFlags): Finding => {
  if (modeOf(server) !== 'periodic') return { broken: set(server, mode) };
  // A retention of 0, the default, switches compaction off whatever the mode says.
  return isOff(server) ? { broken: `${set(server, mode)} and ${set(server, retention)}: etcd's own compaction is off` } : undefined;
};

const eightHours = (server: ServerFlags): Finding => {
  if (isOff(server)) return { broken: `${set(server, retention)}: etcd's own compaction is off` };
  if (modeOf(server) !== 'periodic') return { broken: `${set(server, retention)} counts revisions in mode ${modeOf(server)}` };
  const time = timeOf(server);
  if (time === undefined) return { unknown: `${set(server, retention)} is no duration` };
  return time === asked ? undefined : { broken: `${set(server, retention)}, not 8h` };
};

/**
 * Every member of etcd compacts its keyspace periodically.
 * @param pods etcd's
 * @param apiServers tell a hidden control plane from an etcd that runs elsewhere
 */
export const compactionMode = (pods: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): Answer =>
  everyServer(flagsOfEtcd(pods, apiServers), [mode, retention], 'etcd compacts periodically', periodic);

/** Every member of etcd keeps eight hours, in whatever words of the same length. */
export const compactionRetention = (pods: readonly ControlPlanePod[], apiServers: readonly ControlPlanePod[]): Answer =>
  everyServer(flagsOfEtcd(pods, apiServers), [mode, retention], 'etcd keeps the keyspace of 8 hours', eightHours);
