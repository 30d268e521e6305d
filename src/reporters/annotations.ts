import type { Annotation } from '../model/delivery.js';
import { annotationText, clip, clipMiddle } from '../text/escape.js';
import { limits } from '../model/limits.js';
import { count, type Finding } from '../model/outcome.js';
import { requirementOf, severities, type Report, type RequirementReport, type Severity } from '../model/report.js';
import type { Reporter } from './reporter.js';
import { signs } from './words.js';

type Loud = Exclude<Severity, 'none'>;

const annotationTitle = ({ outcome, level }: RequirementReport): string =>
  outcome === 'pass' ? 'Expires soon' : `${level} ${outcome === 'fail' || outcome === 'abort' ? signs[outcome].words : outcome}`;

const message = (r: RequirementReport): string => {
  const message = annotationText(r.expiresSoon === undefined ? r.message : `${r.expiresSoon} (${r.message})`);
  const advice = r.nextStep ?? '';
  const rest = `${advice ? `What to do: ${annotationText(advice)}\n` : ''}Clause: ${annotationText(r.clause)}`;
  const short = clip(rest, limits.annotationCharacters / 2);
  return `${clipMiddle(message, Math.min(limits.shownCharacters, limits.annotationCharacters - short.length - 1))}\n${short}`;
};

const toAnnotation = (severity: Loud, r: RequirementReport): Annotation => ({
  severity,
  title: clip(
    annotationText(`${annotationTitle(r)}: ${clip(r.title, limits.annotationTitleCharacters / 2)} (${r.id})`),
    limits.annotationTitleCharacters,
  ),
  message: message(r),
  file: r.location && annotationText(r.location.file),
  line: r.location?.line,
});

/** One thing that was found wrong, behind its requirement: by its own name, with where to read more. */
const ofFinding = (severity: Loud, r: RequirementReport, { name, state, message: why, url = r.clause }: Finding): Annotation => {
  const word = annotationText(state);
  const place = ` (${clip(annotationText(r.id), 100)})`;
  const most = limits.annotationTitleCharacters - place.length;
  return {
    severity,
    title: `${clip(`${word.charAt(0).toUpperCase()}${word.slice(1)}: ${annotationText(name)}`, most)}${place}`,
    message: `${clipMiddle(annotationText(why), limits.shownCharacters)}\nRead more: ${clip(annotationText(url), limits.shownCharacters)}`,
  };
};

/** What does not count is no news. */
const findingAnnotations = (severity: Loud, r: RequirementReport): readonly Annotation[] =>
  r.outcome === 'fail' || r.outcome === 'abort'
    ? (r.findings?.list ?? []).filter(({ tolerated }) => tolerated === undefined).map((finding) => ofFinding(severity, r, finding))
    : [];

/** The last slot of a type says what did not fit: the platform drops the rest silently. */
const rest = (severity: Loud, requirements: readonly RequirementReport[], findings: number): Annotation => {
  const what = [
    ...(requirements.length === 0 ? [] : [count(requirements.length, 'more requirement')]),
    ...(findings === 0 ? [] : [count(findings, 'more finding')]),
  ].join(' and ');
  return {
    severity,
    title: `${what}: see the job summary`,
    message: clip(
      [`${what} of this kind: see the job summary.`, ...requirements.map((r) => annotationText(r.id))].join('\n'),
      limits.annotationCharacters,
    ),
  };
};

const ofSeverity = (report: Report, severity: Loud): readonly Annotation[] => {
  const some = report.announced.map((id) => requirementOf(report, id)).filter((r) => r.severity === severity);
  const findings = some.flatMap((r) => findingAnnotations(severity, r));
  const omitted = some.reduce((sum, r) => sum + (findingAnnotations(severity, r).length > 0 ? (r.findings?.omitted ?? 0) : 0), 0);
  const fits = some.length + findings.length + Math.sign(omitted) <= limits.annotationsPerType;
  const room = fits && omitted === 0 ? limits.annotationsPerType : limits.annotationsPerType - 1;
  // Requirements first: one of them may be the only sign of a broken cluster, a failed test never is.
  const shown = some.slice(0, room);
  const beside = findings.slice(0, room - shown.length);
  const left = findings.length - beside.length + omitted;
  return [
    ...shown.map((r) => toAnnotation(severity, r)),
    ...beside,
    ...(shown.length === some.length && left === 0 ? [] : [rest(severity, some.slice(shown.length), left)]),
  ];
};

/**
 * Annotations of the workflow step: one for each requirement that is announced, most severe first, and one for each thing that was found
 * wrong beside them, e.g. a failed test, within the platform's limits per type. Each reads by itself: what failed, why, what to do, which
 * clause.
 */
export const annotations: Reporter = {
  name: 'annotations',
  description: 'Annotations of the workflow step: one for each requirement that needs attention',
  medium: 'annotations',
  report: (report) => severities.filter((s) => s !== 'none').flatMap((s) => ofSeverity(report, s)),
};
