import { clip } from '../text/escape.js';
import { limits } from '../model/limits.js';
import type { Outcome, Verdict } from '../model/outcome.js';
import { hanging, paintOf, type Paint } from './console.js';
import type { ReporterOptions } from './reporter.js';

/** What every part of a text for a terminal takes. */
export interface View {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** Terminals narrower than this wrap by themselves; wider ones are hard to read. */
const narrowest = 60;
const widest = 140;

export const viewOf = ({ width, colour }: Pick<ReporterOptions, 'width' | 'colour'>): View => ({
  width: Math.min(Math.max(width, narrowest), widest),
  paint: paintOf(colour),
});

/** Text of a report, in the length that is shown of any. */
export const clipForScreen = (text: string): string => clip(text, limits.shownCharacters);

export const screenHeading = (text: string, { paint, width }: View): readonly string[] => ['', hanging('', text, width, paint.bold)];

/** A heading and its lines, or nothing. */
export const screenSection = (heading: string, lines: readonly string[], view: View): readonly string[] =>
  lines.length === 0 ? [] : [...screenHeading(heading, view), ...lines];

export const verdictMark: Readonly<Record<Verdict, string>> = { compliant: '✓', 'non-compliant': '✗', incomplete: '!' };
export const verdictPaint = (paint: Paint, verdict: Verdict): ((text: string) => string) =>
  ({ compliant: paint.good, 'non-compliant': paint.bad, incomplete: paint.warn })[verdict];

/** The colour of an outcome; what decides nothing is dim. */
export const outcomePaint = (paint: Paint, outcome: Outcome | 'absent'): ((text: string) => string) =>
  outcome === 'pass' ? paint.good : outcome === 'fail' ? paint.bad : outcome === 'abort' ? paint.warn : paint.dim;

/** The verdict in a sentence, as the first and the last line. */
export const verdictLine = (
  { verdict, headline }: { readonly verdict: Verdict; readonly headline: string },
  { paint, width }: View,
): string => hanging(`${verdictMark[verdict]} `, clipForScreen(headline), width, (line) => verdictPaint(paint, verdict)(paint.bold(line)));
