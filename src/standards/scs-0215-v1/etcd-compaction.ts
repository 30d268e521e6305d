import { apiServerPods, etcdPods } from '../../facts/control-plane-pods.js';
import { read, type Rung } from '../../model/requirement.js';
import { everyServer, flagsOfEtcd, type Finding, type ServerFlags } from '../support/control-plane-flags.js';

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** The longest that means anything: the range of Go's durations ends at 2562047h47m16.854775807s. */
const longest = 100;

/**
 * A duration as Go writes it (time.ParseDuration), e.g. `8h`, `480m`, `7h60m0s`.
 * @returns milliseconds, or undefined where it is none
 */
const parseGoDuration = (text: string): number | undefined => {
  if (text.length > longest) return undefined;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
  let sum = 0;
  // One part after the other, and nothing between or behind them.
  while (part.lastIndex < body.length) {
    const [, n = '', unit = ''] = part.exec(body) ?? [];
    if (n === '') return undefined;
    sum += Number(n) * (units[unit] ?? 0);
  }
  return body === '' ? undefined : text.startsWith('-') ? -sum : sum;
};

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

/** By every member of etcd; the API servers tell a hidden control plane from an etcd that runs elsewhere. */
const byMembers = (met: string, find: (server: ServerFlags) => Finding): readonly Rung[] => [
  read({ etcdPods, apiServerPods }, (facts) => everyServer(flagsOfEtcd(facts.etcdPods, facts.apiServerPods), [mode, retention], met, find)),
];

export const compactionMode = byMembers('etcd compacts periodically', periodic);
/** Eight hours, in whatever words of the same length. */
export const compactionRetention = byMembers('etcd keeps the keyspace of 8 hours', eightHours);
