import type { Delivery } from '../../src/model/delivery.js';
import type { Report } from '../../src/model/report.js';
import { reporters, type ReporterOptions } from '../../src/reporters/index.js';

const options: ReporterOptions = {
  commentKey: 'job',
  run: { at: '2026-11-23T12:00:00.000Z', commit: '0123456789abcdef0123456789abcdef01234567' },
  upload: { subject: 'example-cloud', runId: '0c2f4d2a-5815-4b26-a403-3baad92521f8', checkedAt: '2026-11-23T12:00:00.000Z' },
  colour: false,
  width: 100,
  verbose: true,
};

/** Everything that all reporters make of a report. */
export const deliveriesOf = (report: Report): readonly Delivery[] => reporters.flatMap((reporter) => reporter.report(report, options));

const texts = (delivery: Delivery): readonly (readonly [string, string])[] => {
  switch (delivery.kind) {
    case 'annotations':
      return [['annotations', JSON.stringify(delivery.annotations)]];
    case 'job-summary':
      return [['job-summary', delivery.markdown]];
    case 'pull-request-comment':
      return [...delivery.variants.map((text, i) => [`comment-${i}`, text] as const), ['fingerprint', delivery.fingerprint]];
    case 'file':
      return [[delivery.name, delivery.text]];
    case 'terminal':
      return [['terminal', delivery.text]];
  }
};

/** The same as texts by the name of what they are: for comparing byte for byte, and for searching. */
export const textsOf = (report: Report): Readonly<Record<string, string>> => Object.fromEntries(deliveriesOf(report).flatMap(texts));
