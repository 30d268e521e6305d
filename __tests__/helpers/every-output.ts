import type { Delivery } from '../../src/model/delivery.js';
import type { Report } from '../../src/model/report.js';
import { clusterReporters, toDeliveries, type ReporterOptions } from '../../src/reporters/index.js';
import { filesOf } from './delivered.js';

const options: ReporterOptions = {
  commentKey: 'job',
  run: { at: '2026-11-23T12:00:00.000Z', commit: '0123456789abcdef0123456789abcdef01234567' },
  upload: { subject: 'example-cloud', runId: '0c2f4d2a-5815-4b26-a403-3baad92521f8', checkedAt: '2026-11-23T12:00:00.000Z' },
  colour: false,
  snapshot: '{}',
  width: 100,
  verbose: true,
};

/** Everything that all reporters make of a report. */
export const deliveriesOf = (report: Report): readonly Delivery[] =>
  toDeliveries(
    clusterReporters.map((reporter) => ({ reporter })),
    report,
    options,
  );

/** The same as texts by the name of what they are: for comparing byte for byte, and for searching. */
export const textsOf = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(deliveriesOf(report).flatMap((delivery) => filesOf(delivery.kind, delivery)));
