import type { Offer } from '../../facts/support/offer.js';
import { parseVersion } from '../../facts/support/version.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { listed, type Evidence } from '../../model/outcome.js';
import { dayOf } from './version-policy.js';

const dayMs = 86_400_000;
/** Older lists of an offer tell nothing of today: branches come and go within a month. */
const offerDays = 31;

/** What is known to be offered. */
export interface Offered {
  /** By the list of the offer where it counts, else by this cluster, which runs it. */
  readonly minors: readonly string[];
  /** True where a list of the offer counts: it says all that is offered, and what is not in it is not offered. */
  readonly listed: boolean;
  readonly evidence: readonly Evidence[];
  /** Why a list does not count; for the reason. */
  readonly note: string;
}

/** The final releases of an offer, by their branches: a pre-release offers none. */
const minorsOf = ({ versions }: Offer, now: Date): readonly string[] => [
  ...new Set(
    versions.flatMap(({ version, until }) => {
      const parsed = parseVersion(version);
      const over = until !== undefined && !(now.getTime() < Date.parse(until));
      return parsed === undefined || parsed.prerelease || over ? [] : [parsed.minor];
    }),
  ),
];

const objectionTo = ({ date }: Offer, now: Date): string | undefined => {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return 'the offer has no date that can be read, so it does not count';
  if (at > now.getTime() + dayMs) return `the offer is dated ${dayOf(at)}, which is in the future, so it does not count`;
  return now.getTime() - at > offerDays * dayMs
    ? `the offer of ${dayOf(at)} is older than ${offerDays} days, so it does not count: list the offered versions again`
    : undefined;
};

const listEvidence = (offer: Offer): Evidence => ({
  source: `offered versions (${offer.source})`,
  observed: `${dayOf(Date.parse(offer.date) || 0)}: ${
    listed(
      offer.versions.map(({ version }) => version),
      20,
    ) || 'none'
  }`,
});

/** What a list of the offer says; undefined where none was given, or it does not count. */
export const offeredByList = (offer: Offer | Unavailable, now: Date): Offered | undefined =>
  isUnavailable(offer) || objectionTo(offer, now) !== undefined
    ? undefined
    : { minors: minorsOf(offer, now), listed: true, evidence: [listEvidence(offer)], note: '' };

/** What this cluster shows: its own branch. */
export const offeredByCluster = (own: readonly string[], offer: Offer | Unavailable, now: Date): Offered => {
  if (isUnavailable(offer)) return { minors: own, listed: false, evidence: [], note: '' };
  const objection = objectionTo(offer, now);
  return { minors: own, listed: false, evidence: [listEvidence(offer)], note: objection === undefined ? '' : `; ${objection}` };
};
