import type { EtcdBackup } from '../../facts/etcd-backups.js';
import { count, fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';

const day = 86_400_000;
const mostDays = 7;

const seen = (backups: readonly EtcdBackup[]): readonly Evidence[] =>
  newestFirst(backups).map((b) => ({
    source: `${b.kind} ${b.name}`,
    observed: b.lastSuccess === null ? 'no success recorded' : `last success ${b.lastSuccess}`,
  }));

const time = (text: string | null): number => (text === null ? Number.NaN : Date.parse(text));
const newestFirst = (backups: readonly EtcdBackup[]): readonly EtcdBackup[] =>
  [...backups].sort((a, b) => (time(b.lastSuccess) || 0) - (time(a.lastSuccess) || 0));

/** Days since a moment; NaN where it is none. A moment of more than a day ahead is a wrong clock, and no evidence. */
const daysSince = (text: string | null, now: Date): number => {
  const days = (now.getTime() - time(text)) / day;
  return days < -1 ? Number.NaN : days;
};

/** A backup that succeeded within the last seven days, or no answer: there are other ways to make one. */
export const recentBackup = (backups: readonly EtcdBackup[], now: Date): Answer => {
  const recent = newestFirst(backups).find((b) => daysSince(b.lastSuccess, now) <= mostDays);
  return recent === undefined
    ? undecided(`no backup of the last ${mostDays} days can be seen`)
    : pass(`${recent.kind} ${recent.name} succeeded at ${recent.lastSuccess ?? ''}`, seen(backups));
};

/**
 * The last word on what can be seen from inside, where nothing recent is: something that is meant to back etcd up and does not is a
 * breach; nothing at all is not, because backups made from outside do not show.
 */
export const staleBackup = (backups: readonly EtcdBackup[], now: Date): Answer => {
  const evidence = seen(backups);
  const [newest] = newestFirst(backups).filter((b) => !Number.isNaN(daysSince(b.lastSuccess, now)));
  if (newest !== undefined) {
    const age = Math.floor(daysSince(newest.lastSuccess, now));
    return fail(
      `the newest backup is ${count(age, 'day')} old, more than ${mostDays}: ${newest.kind} ${newest.name} of ${newest.lastSuccess ?? ''}`,
      evidence,
    );
  }
  const overdue = backups.find((b) => b.lastSuccess === null && daysSince(b.since, now) > mostDays);
  if (overdue !== undefined)
    return fail(`${overdue.kind} ${overdue.name} exists since ${overdue.since} and has not succeeded once`, evidence);
  return undecided(
    backups.length > 0
      ? 'the backups that can be seen have not succeeded yet'
      : 'backups that are made from outside of the cluster do not show: declare them',
    evidence,
  );
};
