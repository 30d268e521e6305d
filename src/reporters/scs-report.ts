import { fleetScsReport } from './fleet-scs-report.js';
import type { Reporter } from './reporter.js';
import { scsReportText } from './scs-report-text.js';

/** The report in the form of the SCS compliance monitor, for whoever uploads it. */
export const scsReport: Reporter = {
  name: 'scs-report',
  description: 'Report for the SCS compliance monitor, as YAML; needs `subject`',
  medium: 'file',
  file: 'scs-report.yaml',
  needs: 'subject',
  report: (report, { upload }) =>
    upload === undefined || report.official === undefined ? undefined : scsReportText(report, report.official, upload),
  fleet: fleetScsReport,
};
