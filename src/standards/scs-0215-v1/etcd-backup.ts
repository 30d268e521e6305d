import { etcdBackupJobs, etcdDruidBackups, etcdSnapshotFiles, type EtcdBackup } from '../../facts/etcd-backups.js';
import { count, fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Rung } from '../../model/requirement.js';

const day = 86_400_000;
const maxDays = 7;

const backupEvidence = (backups: readonly EtcdBackup[]): readonly Evidence[] =>
  newestFirst(backups).map((b) => ({
    source: `${b.kind} ${b.name}`,
    observed: `${b.lastSuccess === null ? 'no success recorded' : `last success ${b.lastSuccess}`}${b.suspended === true ? ', suspended' : ''}`,
  }));

const toMs = (text: string | null): number => (text === null ? Number.NaN : Date.parse(text));
const newestFirst = (backups: readonly EtcdBackup[]): readonly EtcdBackup[] =>
  [...backups].sort((a, b) => (toMs(b.lastSuccess) || 0) - (toMs(a.lastSuccess) || 0));

/** Days since a moment, below zero for one to come; NaN where it is none. */
const daysTo = (text: string | null, now: Date): number => (now.getTime() - toMs(text)) / day;
/** A moment of more than a day ahead is a wrong clock, and no evidence. */
const isFuture = (text: string | null, now: Date): boolean => daysTo(text, now) < -1;
/** Days since a moment; NaN where it is none, or no evidence. */
const daysSince = (text: string | null, now: Date): number => (isFuture(text, now) ? Number.NaN : daysTo(text, now));

/** A backup that succeeded within the last seven days, or no answer: there are other ways to make one. */
const recentBackup = (backups: readonly EtcdBackup[], now: Date): Answer => {
  const recent = newestFirst(backups).find((b) => daysSince(b.lastSuccess, now) <= maxDays);
  return recent === undefined
    ? undecided(`no backup of the last ${maxDays} days can be seen`)
    : pass(`${recent.kind} ${recent.name} succeeded at ${recent.lastSuccess ?? ''}`, backupEvidence(backups));
};

/**
 * The last word on what can be seen from inside, where nothing recent is: something that is meant to back etcd up and does not is a
 * breach; nothing at all is not, because backups made from outside do not show. A CronJob that is suspended is not meant to any more.
 */
const staleBackup = (backups: readonly EtcdBackup[], now: Date): Answer => {
  const evidence = backupEvidence(backups);
  const future = backups.find((b) => isFuture(b.lastSuccess, now));
  if (future !== undefined)
    return undecided(
      `${future.kind} ${future.name} is dated ${future.lastSuccess ?? ''}, which is in the future: its clock or the clock of this check is wrong`,
      evidence,
    );
  const active = backups.filter((b) => b.suspended !== true);
  const [newest] = newestFirst(active).filter((b) => !Number.isNaN(daysSince(b.lastSuccess, now)));
  if (newest !== undefined) {
    const age = Math.floor(daysSince(newest.lastSuccess, now));
    return fail(
      `the newest backup is ${count(age, 'day')} old, more than ${maxDays}: ${newest.kind} ${newest.name} of ${newest.lastSuccess ?? ''}`,
      evidence,
    );
  }
  const overdue = active.find((b) => b.lastSuccess === null && daysSince(b.since, now) > maxDays);
  if (overdue !== undefined)
    return fail(`${overdue.kind} ${overdue.name} exists since ${overdue.since} and has not succeeded once`, evidence);
  if (active.length > 0) return undecided('the backups that can be seen have not succeeded yet', evidence);
  const [suspended] = newestFirst(backups);
  return undecided(
    suspended === undefined
      ? 'backups that are made from outside of the cluster do not show: declare them'
      : `${suspended.kind} ${suspended.name} is suspended, and what has taken its place does not show: declare it`,
    evidence,
  );
};

export const etcdBackup: readonly Rung[] = [
  read({ etcdSnapshotFiles }, (facts, now) => recentBackup(facts.etcdSnapshotFiles, now)),
  read({ etcdBackupJobs }, (facts, now) => recentBackup(facts.etcdBackupJobs, now)),
  read({ etcdDruidBackups }, (facts, now) => recentBackup(facts.etcdDruidBackups, now)),
  read({ etcdSnapshotFiles, etcdBackupJobs, etcdDruidBackups }, (facts, now) => staleBackup(Object.values(facts).flat(), now)),
];
