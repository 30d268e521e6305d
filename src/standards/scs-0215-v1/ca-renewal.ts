import type { CertificateInfo } from '../../model/ports.js';
import { fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { span, validityOf } from '../support/validity.js';

/** A CA that ends within a year has to be replaced now: its successor must reach every client first. */
const leastLeft = 365;
const soonLeft = leastLeft + 60;

/** The CAs of one place. */
export interface CaBundle {
  readonly source: string;
  readonly cas: readonly CertificateInfo[];
}

const seen = ({ source, cas }: CaBundle): readonly Evidence[] =>
  cas.map((c) => ({ source, observed: `${c.subject}, until ${c.notAfter}` }));
const left = (c: CertificateInfo, now: Date): number => validityOf(c, now)?.left ?? Number.NaN;
const ending = (c: CertificateInfo, now: Date): string =>
  left(c, now) <= 0 ? `${c.subject} expired on ${c.notAfter}` : `${c.subject} ends in ${span(left(c, now))}, on ${c.notAfter}`;

/**
 * One bundle. While a CA is replaced, the old one and the new one stand beside each other under one name: then the new one counts.
 * Of CAs with several names it does not show which signs, so that one ending soon leaves it open.
 */
const judgeBundle = (bundle: CaBundle, now: Date): Answer => {
  const { source, cas } = bundle;
  const evidence = seen(bundle);
  if (cas.length === 0) return undecided(`${source} holds no CA`, evidence);
  if (cas.some((c) => Number.isNaN(left(c, now)))) return undecided(`${source}: a CA has no readable dates`, evidence);
  const lasting = cas.filter((c) => left(c, now) >= leastLeft);
  const short = cas.filter((c) => !lasting.some((l) => l.subject === c.subject));
  if (lasting.length === 0) return fail(`${source}: ${listed(short.map((c) => ending(c, now)))}`, evidence);
  if (short.length > 0)
    return undecided(
      `${source} holds several CAs, and which of them signs cannot be told: ${listed(short.map((c) => ending(c, now)))}`,
      evidence,
    );
  const shortest = Math.min(...lasting.map((c) => left(c, now)));
  const met = pass(`${source}: ${listed(lasting.map((c) => ending(c, now)))}`, evidence);
  return shortest < soonLeft
    ? { ...met, expiresSoon: `in ${span(shortest - leastLeft)} a CA of ${source} has less than a year left` }
    : met;
};

/**
 * CAs last for a year at least, judged with what is there: one that ends earlier breaks it, wherever it stands.
 * @param bundles at least one; empty ones are of places that trust no CA of their own
 * @param final false where another place is still to be looked at, so that a pass has to wait for it
 */
export const caRenewal = (bundles: readonly CaBundle[], now: Date, final: boolean): Answer => {
  const answers = bundles.filter((b) => b.cas.length > 0).map((b) => judgeBundle(b, now));
  const decisive = answers.find((a) => a.outcome === 'fail') ?? answers.find((a) => a.outcome === 'undecided');
  if (decisive !== undefined) return decisive;
  const [first] = answers;
  if (first === undefined) return undecided('the kubeconfig names no CA');
  const because = answers.map((a) => a.because).join('; ');
  if (!final) return undecided(because, first.evidence);
  return { ...first, because, evidence: answers.flatMap((a) => a.evidence) };
};
