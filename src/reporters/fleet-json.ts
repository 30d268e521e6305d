import * as z from 'zod/mini';
import { fleetSchema, fleetSchemaVersion, type Fleet } from '../model/fleet.js';
import { inertJson } from './json.js';

/** What the reports of several clusters say together, as JSON. */
export const fleetJson = (fleet: Fleet): string => inertJson(fleetSchema.parse(fleet));

/** The JSON schema (draft 2020-12) of it. */
export const fleetJsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...schema } = z.toJSONSchema(fleetSchema, { io: 'input' });
  return {
    $schema,
    title: `scs-kaas report of several clusters ${fleetSchemaVersion}`,
    description: 'What the reports of several clusters say together: one verdict, the clusters, and each requirement of the main scope.',
    ...schema,
  };
};
