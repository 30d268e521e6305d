import type { ReleaseData } from '../../src/facts/support/release-data.js';

/**
 * CVEs of the official feed whose record no program can read, or is about another project; people looked at them. Without this list
 * a live run would ask for each of them again, and `critical-cve` would abort for ever on the first two.
 */
const withoutUsableRecord: readonly { readonly id: string; readonly why: string }[] = [
  {
    id: 'CVE-2021-3121',
    why: 'recorded by MITRE without product, version and score (gogo protobuf); the announcement sees no security impact on Kubernetes: https://github.com/kubernetes/kubernetes/issues/101435',
  },
  {
    id: 'CVE-2017-1000056',
    why: 'recorded by MITRE without product and score; its text names Kubernetes 1.5.0 to 1.5.4: https://github.com/kubernetes/kubernetes/issues/43459',
  },
];

/** Of these one is critical until somebody knows better: its record gives no score. */
const critical: ReleaseData['cves']['critical'] = [
  { id: 'CVE-2017-1000056', score: null, ranges: [{ introduced: '1.5.0', lastAffected: '1.5.4' }] },
];

/** Records of other projects, each read: image-builder, ingress-nginx, secrets-store-sync-controller, the C# client, the CSI driver for NFS. */
const ofOtherProjects: readonly string[] = [
  ...['CVE-2024-9486', 'CVE-2024-9594', 'CVE-2025-7342'],
  ...['CVE-2025-1097', 'CVE-2025-1098', 'CVE-2025-1974', 'CVE-2025-24513', 'CVE-2025-24514', 'CVE-2025-15566', 'CVE-2026-1580'],
  ...['CVE-2026-24512', 'CVE-2026-24513', 'CVE-2026-24514', 'CVE-2026-3288', 'CVE-2026-4342'],
  ...['CVE-2025-7445', 'CVE-2025-9708', 'CVE-2026-3864'],
];

/** Adds what people reviewed; what the data say themselves stays. */
export const withReviewedByHand = (cves: ReleaseData['cves']): ReleaseData['cves'] => ({
  ...cves,
  reviewed: [...new Set([...cves.reviewed, ...withoutUsableRecord.map((c) => c.id), ...ofOtherProjects])],
  critical: [...cves.critical, ...critical.filter((c) => !cves.critical.some((known) => known.id === c.id))],
});
