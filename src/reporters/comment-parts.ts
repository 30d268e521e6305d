import { clip, markdownCode, markdownLink, markdownText } from '../text/escape.js';
import type { ReporterOptions } from './reporter.js';

/** Whose section of the comment it is. */
export type Job = Pick<ReporterOptions, 'commentKey' | 'run'>;

/** The footer of a section: the run, the job, the commit, the moment and the version. */
export const runLine = (tool: { readonly name: string; readonly version: string }, { commentKey, run }: Job): string => {
  const job = commentKey === '' ? '' : `job ${markdownCode(clip(commentKey, 100))}`;
  const commit = run?.commit === undefined ? '' : `commit ${markdownCode(clip(run.commit, 12).replace('…', ''))}`;
  const link = run?.url === undefined ? '' : markdownLink('job summary and evidence', run.url);
  const at = run === undefined ? '' : markdownText(run.at.replace('T', ' ').replace(/(?::\d{2})(?:\.\d+)?Z$/, ' UTC'));
  return `<sub>${[link, job, commit, at, `${markdownText(tool.name)} ${markdownText(tool.version)}`].filter((t) => t !== '').join(' · ')}</sub>`;
};

/** FNV-1a with 64 bits over UTF-16 code units: https://datatracker.ietf.org/doc/draft-eastlake-fnv/ */
const fnv1a = (text: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
};

/** How long something took is another figure in every run. */
const withoutTimes = (text: string): string => text.replace(/(?<!\d)\d+(?:\.\d+)? m?s\b/g, 'some time');

/**
 * A hash of a text without what changes from run to run: how long something took, and the names of clusters, since a kind cluster and its nodes
 * are named after the run.
 */
export const textHash = (text: string, names: readonly string[]): string =>
  fnv1a(
    names
      .filter((name) => name.length >= 4)
      .reduce((rest, name) => rest.replaceAll(name, '').replaceAll(markdownText(name), ''), withoutTimes(text)),
  );
