import * as z from 'zod/mini';
import { reportSchema, reportSchemaVersion } from '../model/report.js';

/**
 * The JSON schema (draft 2020-12) of the JSON report.
 * It allows further fields, so that a reader of this version also takes the reports of a later minor.
 */
export const reportJsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { io: 'input' });
  return {
    $schema,
    title: `scs-kaas report ${reportSchemaVersion}`,
    description: 'What a run of scs-kaas says about one cluster: the verdict, and each requirement with its outcome and evidence.',
    ...schema,
  };
};
