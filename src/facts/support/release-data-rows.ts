import { factOf, isUnavailable, type Fact, type Facts } from '../../model/fact.js';
import type { Report } from '../../model/report.js';
import { kubernetesCves } from '../kubernetes-cves.js';
import { kubernetesReleases } from '../kubernetes-releases.js';
import type { Section } from './data-section.js';

const words: Readonly<Record<Section['origin'], string>> = {
  file: 'from the release data file',
  live: 'fetched in this run',
  cache: 'from the cache of an earlier run',
  bundled: 'bundled with this program',
};

const value = ({ origin, asOf, source, instead }: Section): string =>
  `as of ${asOf}, ${words[origin]} (${source})${instead === undefined ? '' : `; nothing newer: ${instead}`}`;

const row = <T>(facts: Facts, label: string, fact: Fact<T>, section: (value: T) => Section): Report['data'] => {
  if (!Object.hasOwn(facts, fact.name)) return [];
  const found = factOf(facts, fact);
  return [{ label, value: isUnavailable(found) ? `not available: ${found.detail}` : value(section(found)) }];
};

/**
 * Where the outside knowledge of a run came from, and as of when: rows for the report.
 * @param facts of the run; those that were not collected give no row
 */
export const releaseDataRows = (facts: Facts): Report['data'] => [
  ...row(facts, 'Kubernetes releases', kubernetesReleases, ({ patches }) => patches),
  ...row(facts, 'Kubernetes support windows', kubernetesReleases, ({ windows }) => windows),
  ...row(facts, 'Kubernetes CVEs', kubernetesCves, (cves) => cves),
];
