/** Which objects of a collection are asked for. */
export interface Selector {
  /** Labels by name; undefined where any value will do. */
  readonly labels?: Readonly<Record<string, string | undefined>>;
  /** Values by the path of the field, e.g. `spec.nodeName`. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** A part of an object by its path; undefined where it is absent. */
const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((part, name) => (isRecord(part) && Object.hasOwn(part, name) ? part[name] : undefined), object);

/**
 * The selector as a query, e.g. `labelSelector=component%3Detcd`.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering
 */
export const queryOf = ({ labels = {}, fields = {} }: Selector): string =>
  [
    ['labelSelector', Object.entries(labels).map(([name, value]) => (value === undefined ? name : `${name}=${value}`))] as const,
    ['fieldSelector', Object.entries(fields).map(([name, value]) => `${name}=${value}`)] as const,
  ]
    .filter(([, terms]) => terms.length > 0)
    .map(([name, terms]) => `${name}=${encodeURIComponent(terms.join(','))}`)
    .join('&');

/** Whether an object is one of those that were asked for. */
export const isSelected = ({ labels = {}, fields = {} }: Selector, object: unknown): boolean =>
  Object.entries(labels).every(([name, value]) => {
    const found = valueAt(object, ['metadata', 'labels', name]);
    return value === undefined ? found !== undefined : found === value;
  }) && Object.entries(fields).every(([path, value]) => valueAt(object, path.split('.')) === value);
