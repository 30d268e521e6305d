import { kubernetesCves } from '../../facts/kubernetes-cves.js';
import { kubernetesReleases, type KubernetesReleases } from '../../facts/kubernetes-releases.js';
import { serverVersion } from '../../facts/server-version.js';
import type { Answer } from '../../model/outcome.js';
import { read } from '../../model/requirement.js';
import { judgeCriticalCves } from './critical-cves.js';

/** A rung that holds the version of the API server against upstream's releases. */
export const byReleases = (judge: (gitVersion: string, releases: KubernetesReleases, now: Date) => Answer) =>
  read({ serverVersion, kubernetesReleases }, (facts, now) => judge(facts.serverVersion.gitVersion, facts.kubernetesReleases, now));

/** A rung that looks for critical CVEs whose fix has been there for so many days. */
export const byCriticalCves = (days: number) =>
  read({ serverVersion, kubernetesCves, kubernetesReleases }, (facts, now) =>
    judgeCriticalCves(days)(facts.serverVersion.gitVersion, facts.kubernetesCves, facts.kubernetesReleases, now),
  );
