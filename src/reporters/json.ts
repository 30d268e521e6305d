import * as z from 'zod/mini';
import { fleetSchema, fleetSchemaId, fleetSchemaVersion, type Fleet } from '../model/fleet.js';
import { reportSchema, reportSchemaId, reportSchemaVersion, type Report } from '../model/report.js';
import type { Reporter } from './reporter.js';

const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/**
 * JSON with two spaces and a newline at the end. Printed in a workflow or on a terminal it holds no command and turns no direction: `##[`,
 * controls and format characters are written as `\u....`, which is the same string in JSON.
 */
export const inertJson = (value: unknown): string =>
  `${JSON.stringify(value, null, 2)
    .replaceAll('##[', '##\\u005b')
    .replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, escaped)}\n`;

/** The report as JSON: keys in the schema's order. */
export const reportJson = (report: Report): string => inertJson(reportSchema.parse(report));

/** What the reports of several clusters say together, as JSON. */
export const fleetJson = (fleet: Fleet): string => inertJson(fleetSchema.parse(fleet));

/** The JSON report. */
export const json: Reporter = {
  name: 'json',
  description: 'JSON report with a published schema: everything that a run found, for programs and for `merge`',
  medium: 'file',
  file: 'scs-kaas-report.json',
  output: 'report-file',
  report: reportJson,
  fleet: ({ fleet }) => fleetJson(fleet),
};

/**
 * The JSON schema (draft 2020-12) of a document.
 * @param $id where it is published
 * It allows further fields, so that a reader of this version also takes the documents of a later minor.
 */
const jsonSchemaOf = (of: z.ZodMiniType, $id: string, title: string, description: string): Readonly<Record<string, unknown>> => {
  const { $schema, ...schema } = z.toJSONSchema(of, { io: 'input' });
  return { $schema, $id, title, description, ...schema };
};

/** The JSON schema of the JSON report. */
export const reportJsonSchema = (): Readonly<Record<string, unknown>> =>
  jsonSchemaOf(
    reportSchema,
    reportSchemaId,
    `scs-kaas report ${reportSchemaVersion}`,
    'What a run of scs-kaas says about one cluster: the verdict, and each requirement with its outcome and evidence.',
  );

/** The JSON schema of the JSON report of several clusters. */
export const fleetJsonSchema = (): Readonly<Record<string, unknown>> =>
  jsonSchemaOf(
    fleetSchema,
    fleetSchemaId,
    `scs-kaas report of several clusters ${fleetSchemaVersion}`,
    'What the reports of several clusters say together: one verdict, the clusters, and each requirement of the certificate scope.',
  );
