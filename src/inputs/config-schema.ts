import { schemaId } from '../model/schema-id.js';
import { configSettings } from './config.js';
import { describe, type Setting } from './spec.js';

/** The version of the config file. */
export const configSchemaVersion = '1';

type Schema = Readonly<Record<string, unknown>>;

const scalar = ['string', 'number', 'boolean'];

const valueSchema = (spec: Setting): Schema => {
  const description = describe(spec);
  const { values } = spec;
  if (values !== undefined) return { description, enum: values };
  switch (spec.takes) {
    case 'flag':
      return { description, enum: [true, false, 'true', 'false', 'True', 'False', 'TRUE', 'FALSE'] };
    case 'list':
      return { description, anyOf: [{ type: scalar }, { type: 'array', items: { type: scalar } }] };
    case 'value':
      return { description, type: scalar };
  }
};

const objectSchema = (path: string, settings: readonly Setting[]): Schema => {
  const below = settings.filter(({ name }) => name.startsWith(path));
  const parts = [...new Set(below.map(({ name }) => name.slice(path.length).split('.')[0] ?? ''))];
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      parts.map((part) => {
        const own = below.find(({ name }) => name === path + part);
        return [part, own === undefined ? objectSchema(`${path}${part}.`, settings) : valueSchema(own)];
      }),
    ),
  };
};

/** The JSON schema (draft 2020-12) of the config file. */
export const configJsonSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: schemaId(`config-${configSchemaVersion}`),
  title: `scs-kaas config ${configSchemaVersion}`,
  description: 'Settings of a check: its inputs, and what is rarely set.',
  ...objectSchema('', configSettings),
});
