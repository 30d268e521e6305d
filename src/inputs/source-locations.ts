import { normalize } from 'node:path';
import { yamlWords } from '../text/read-yaml.js';
import type { Requirement } from '../model/requirement.js';

/** A configuration file of the repository that describes the cluster. */
export interface SourceFile {
  /** As the user named it, relative to the work space. */
  readonly file: string;
  readonly text: string;
}

/** Where a word stands, as a key or as a scalar value (a flag of a command line, an item of `extraArgs`). */
const wordLines = (file: SourceFile): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const { text, line } of yamlWords(file.text)) {
    for (const word of [text, text.replace(/^--/, '').split('=')[0] ?? '']) if (!found.has(word)) found.set(word, line);
    // kubeadm patches are YAML inside of YAML: a flag may stand in the middle of a block of text.
    if (text.includes('\n'))
      text.split('\n').forEach((part, i) => {
        for (const [word] of part.matchAll(/[A-Za-z][A-Za-z0-9./-]{2,}/g)) if (!found.has(word)) found.set(word, line + i + 1);
      });
  }
  return found;
};

/**
 * Finds the line that decides a requirement in the user's own files.
 * @param files in the order of preference; a text that is no YAML has no lines
 * @returns a function from a requirement to its line: the first of the words that configure it, else none
 */
export const locator = (
  files: readonly SourceFile[],
): ((requirement: Requirement) => { readonly file: string; readonly line: number } | undefined) => {
  const indexed = files.map((file) => ({ file: normalize(file.file), lines: wordLines(file) }));
  return (requirement) => {
    for (const word of requirement.configuredBy ?? [])
      for (const { file, lines } of indexed) {
        const line = lines.get(word);
        if (line !== undefined) return { file, line };
      }
    return undefined;
  };
};
