import type { Annotation } from '../model/delivery.js';
import { annotationText, clip, clipMiddle } from '../model/escape.js';
import { limits } from '../model/limits.js';
import { count } from '../model/outcome.js';
import { requirementOf, severities, type Report, type RequirementReport, type Severity } from '../model/report.js';
import { defineReporter } from './reporter.js';

type Loud = Exclude<Severity, 'none'>;

const heading = (r: RequirementReport): string => {
  switch (r.outcome) {
    case 'fail':
      return `${r.level} failed`;
    case 'abort':
      return `${r.level} not determined`;
    case 'pass':
      return 'Expires soon';
    case 'missing':
    case 'declared':
    case 'waived':
    case 'not-applicable':
      return `${r.level} ${r.outcome}`;
  }
};

const advice = (r: RequirementReport): string => (r.outcome === 'abort' ? (r.how ?? '') : r.remediation);

const message = (r: RequirementReport): string => {
  const because = annotationText(r.expiresSoon === undefined ? r.because : `${r.expiresSoon} (${r.because})`);
  const rest = [advice(r) ? `What to do: ${annotationText(advice(r))}` : '', `Clause: ${annotationText(r.clause)}`]
    .filter((line) => line !== '')
    .join('\n');
  const short = clip(rest, limits.annotationCharacters / 2);
  return `${clipMiddle(because, Math.min(limits.shownCharacters, limits.annotationCharacters - short.length - 1))}\n${short}`;
};

const toAnnotation = (severity: Loud, r: RequirementReport): Annotation => ({
  severity,
  title: clip(
    annotationText(`${heading(r)}: ${clip(r.title, limits.annotationTitleCharacters / 2)} (${r.id})`),
    limits.annotationTitleCharacters,
  ),
  message: message(r),
  ...(r.location === undefined ? {} : { file: annotationText(r.location.file), line: r.location.line }),
});

/** The last slot of a type says what did not fit: the platform drops the rest silently. */
const rest = (severity: Loud, some: readonly RequirementReport[]): Annotation => ({
  severity,
  title: `${count(some.length, 'more requirement')}: see the job summary`,
  message: clip(
    `${count(some.length, 'more requirement')} of this kind: see the job summary.\n${some.map((r) => annotationText(r.id)).join('\n')}`,
    limits.annotationCharacters,
  ),
});

const ofSeverity = (report: Report, severity: Loud): readonly Annotation[] => {
  const some = report.announced.map((id) => requirementOf(report, id)).filter((r) => r.severity === severity);
  const shown = some.length <= limits.annotationsPerType ? some.length : limits.annotationsPerType - 1;
  const annotated = some.slice(0, shown).map((r) => toAnnotation(severity, r));
  return shown === some.length ? annotated : [...annotated, rest(severity, some.slice(shown))];
};

/**
 * Annotations of the workflow step: one for each requirement that is announced, most severe first, within the platform's
 * limits per type. Each reads by itself: what failed, why, what to do, which clause.
 */
export const annotations = defineReporter({
  name: 'annotations',
  report: (report) => [{ kind: 'annotations', annotations: severities.filter((s) => s !== 'none').flatMap((s) => ofSeverity(report, s)) }],
});
