import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: object;
  /** Holds slashes, and may be empty. */
  readonly 'x-multi-segment'?: boolean;
}
interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A call found in the description: its path as a template, its operation, and the texts of the path's parameters. */
export interface Found {
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

// The package is CommonJS: its default export is the function in some loaders and the module in others.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;
const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** GitHub's own description of its API, trimmed by scripts/trim-openapi.mjs, as a judge of requests and answers. */
export class OpenApi {
  readonly #spec: Spec = JSON.parse(readFileSync(new URL('../fixtures/github-openapi.json', import.meta.url), 'utf8')) as Spec;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #coercing = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    addFormats(this.#ajv);
    addFormats(this.#coercing);
    this.#ajv.addSchema(this.#spec, 'gh');
    this.#coercing.addSchema(this.#spec, 'gh');
  }

  find(method: string, pathname: string): Found | undefined {
    for (const [template, methods] of Object.entries(this.#spec.paths)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '');
      const operation = methods[method.toLowerCase()];
      const isLong = (name: string): boolean =>
        operation?.parameters?.some((one) => 'name' in one && one.name === name && one['x-multi-segment'] === true) === true;
      const pattern = template.replace(/\/\{(\w+)\}/g, (_, name: string) => (isLong(name) ? '(?:/(.*))?' : '/([^/]+)'));
      const match = new RegExp(`^${pattern}$`).exec(pathname);
      if (match !== null && operation !== undefined)
        return {
          template,
          method: method.toLowerCase(),
          operation,
          path: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')])),
        };
    }
    return undefined;
  }

  #resolve(pointer: string): unknown {
    return pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')], this.#spec);
  }

  #check(ajv: Ajv, pointer: string, value: unknown): readonly string[] {
    const id = `${ajv === this.#ajv ? '' : 'coercing '}${pointer}`;
    const validate = this.#compiled.get(id) ?? ajv.compile({ $ref: `gh#${pointer}` });
    this.#compiled.set(id, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath || 'value'} ${e.message ?? ''}`);
  }

  #parameters({ operation, template, method }: Found): readonly (Parameter & { pointer: string })[] {
    return (operation.parameters ?? []).map((p, i) =>
      '$ref' in p
        ? { ...(this.#resolve(p.$ref) as Parameter), pointer: `${p.$ref.slice(1)}/schema` }
        : { ...p, pointer: `/paths/${escaped(template)}/${method}/parameters/${i}/schema` },
    );
  }

  /** What is wrong with a request; nothing where it is as described. Unknown query parameters are mistakes too. */
  request(found: Found, query: URLSearchParams, body: unknown): readonly string[] {
    const known = this.#parameters(found);
    const problems = [...query.keys()]
      .filter((name) => !known.some((p) => p.in === 'query' && p.name === name))
      .map((name) => `no query parameter ${name}`);
    for (const parameter of known) {
      const value = parameter.in === 'path' ? found.path[parameter.name] : (query.get(parameter.name) ?? undefined);
      if (value === undefined) {
        if (parameter.required === true) problems.push(`${parameter.name} is missing`);
      } else
        problems.push(
          ...this.#check(this.#coercing, parameter.pointer, /^\d+$/.test(value) ? Number(value) : value).map(
            (p) => `${parameter.name}: ${p}`,
          ),
        );
    }
    if (found.operation.requestBody === undefined) return body === undefined ? problems : [...problems, 'takes no body'];
    return [
      ...problems,
      ...this.#check(this.#ajv, `/paths/${escaped(found.template)}/${found.method}/requestBody/content/application~1json/schema`, body),
    ];
  }

  /** What is wrong with an answer. Errors that the description does not list look like its basic error. */
  response(found: Found, status: number, body: unknown): readonly string[] {
    const listed = found.operation.responses[String(status)];
    if (status === 204) return listed === undefined || body !== undefined ? ['204 is not described, or has a body'] : [];
    if (listed === undefined && status < 400) return [`${status} is not described`];
    if (listed === undefined) return this.#check(this.#ajv, '/components/schemas/basic-error', body);
    const base = listed.$ref === undefined ? `/paths/${escaped(found.template)}/${found.method}/responses/${status}` : listed.$ref.slice(1);
    return this.#check(this.#ajv, `${base}/content/application~1json/schema`, body);
  }

  /** A value as a schema describes it, with the required properties alone. */
  sample(name: string, given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return { ...(this.#sample(this.#spec.components['schemas']?.[name] as Schema) as Record<string, unknown>), ...given };
  }

  #sample(schema: Schema): unknown {
    if (schema.$ref !== undefined) return this.#sample(this.#resolve(schema.$ref) as Schema);
    if (schema.nullable === true) return null;
    const [first] = schema.oneOf ?? schema.anyOf ?? [];
    if (first !== undefined) return this.#sample(first);
    if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => this.#sample(part) as object)) as unknown;
    if (schema.enum !== undefined) return schema.enum[0];
    switch (schema.type) {
      case 'integer':
      case 'number':
        return 1;
      case 'boolean':
        return false;
      case 'array':
        return [];
      case 'string':
        return (
          { 'date-time': '2026-11-23T12:00:00Z', uri: 'https://api.example.test/x', email: 'x@example.test' }[schema.format ?? ''] ?? 'x'
        );
      default:
        return Object.fromEntries((schema.required ?? []).map((key) => [key, this.#sample(schema.properties?.[key] ?? {})]));
    }
  }
}
