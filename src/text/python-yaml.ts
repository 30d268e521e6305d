import { DEFAULT_SCALAR_STYLE_RULES, dump, DUMP_SCHEMA, SCALAR_STYLE, strTag, timestampTag, visit, type ScalarLayout } from 'js-yaml';

/** A point in time or a day: written as it is, so that it is read as one. */
export interface Timestamp {
  readonly timestamp: string;
}
export type Yaml = string | number | null | Timestamp | readonly Yaml[] | { readonly [key: string]: Yaml };

const isTimestamp = (value: unknown): value is Timestamp =>
  typeof value === 'object' && value !== null && 'timestamp' in value && typeof value.timestamp === 'string';

const schema = DUMP_SCHEMA.withTags({ ...timestampTag, identify: isTimestamp, represent: (value: Timestamp) => value.timestamp });

/** PyYAML fails on 2026-02-30 and 0x_, readers of YAML 1.2 take 1e999 for infinity, and some readers of YAML 1.1 take e5 for a number. */
const numberLike = /^[-+]?(?:[\d.]|e[-+\d])[-+\d.:_ebxotz ]*$/i;
const quoteDoubtful = (layout: ScalarLayout): void => {
  if (layout.node.tag !== strTag.tagName) return;
  if (numberLike.test(layout.node.value)) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
  // Readers differ about blanks at the end of a block of lines.
  if (layout.node.value.includes('\n')) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
};

/**
 * YAML in the form of the tools of SCS (PyYAML's `safe_dump` in block style): a list stands under its key without indentation, what a reader
 * of YAML 1.1 or 1.2 would take for something else than text is quoted, and lines are not folded.
 * @returns one document with its beginning, and never an empty one behind it, which the compliance monitor does not bear
 */
export const pythonYaml = (document: Yaml): string =>
  dump(document, {
    schema,
    seqNoIndent: true,
    lineWidth: -1,
    noRefs: true,
    scalarStyleRules: [quoteDoubtful, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
    transform: (documents) => {
      for (const one of documents) one.explicitStart = true;
      visit(documents, (node) => {
        // Half a surrogate pair would be written as an escape, and PyYAML reads a text from it that cannot be encoded.
        if (node.kind === 'scalar') node.value = node.value.toWellFormed();
      });
    },
  });
