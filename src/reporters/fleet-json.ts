import { fleetSchema, fleetSchemaId, fleetSchemaVersion, type Fleet } from '../model/fleet.js';
import { inertJson, jsonSchemaOf } from './json.js';

/** What the reports of several clusters say together, as JSON. */
export const fleetJson = (fleet: Fleet): string => inertJson(fleetSchema.parse(fleet));

/** The JSON schema of it. */
export const fleetJsonSchema = (): Readonly<Record<string, unknown>> =>
  jsonSchemaOf(
    fleetSchema,
    fleetSchemaId,
    `scs-kaas report of several clusters ${fleetSchemaVersion}`,
    'What the reports of several clusters say together: one verdict, the clusters, and each requirement of the certificate scope.',
  );
