import { cveFeedUrl, cveRecordUrl } from '../../src/facts/kubernetes-cves.js';
import { endOfLifeUrl, releasesUrl, scheduleUrl } from '../../src/facts/kubernetes-releases.js';
import { bundledReleaseData } from '../../src/facts/support/release-data.js';

/** One entry of GitHub's list of releases, with more than is read. */
export const githubRelease = (tag: string, published: string | null, more: object = {}): object => ({
  url: `https://api.github.com/repos/kubernetes/kubernetes/releases/${tag}`,
  tag_name: tag,
  name: `Kubernetes ${tag}`,
  draft: false,
  prerelease: false,
  published_at: published,
  body: 'See the CHANGELOG',
  assets: [],
  ...more,
});

export const releasePage = JSON.stringify([
  githubRelease('v1.38.0-alpha.1', '2026-11-20T10:00:00Z', { prerelease: true }),
  githubRelease('v1.37.3', '2026-11-22T18:00:00Z'),
  githubRelease('v1.36.7', '2026-11-22T17:00:00Z'),
  githubRelease('v1.37.9', null, { draft: true }),
  githubRelease('v1.37.2', '2026-10-27T18:00:00Z'),
  githubRelease('v1.36.6', '2026-10-27T17:00:00Z'),
  githubRelease('v1.37.1', '2026-09-23T18:00:00Z'),
  githubRelease('v1.37.0', '2026-08-26T18:00:00Z'),
  githubRelease('v1.37.0-rc.1', '2026-08-20T18:00:00Z', { prerelease: true }),
  githubRelease('v1.36.5', '2026-09-23T17:00:00Z'),
]);
export const olderPage = JSON.stringify([
  githubRelease('v1.36.0', '2026-04-22T18:00:00Z'),
  githubRelease('v1.35.8', '2026-08-20T18:00:00Z'),
]);

/** Upstream's calendar, with a branch that a YAML reader would take for the number 1.4. */
export const schedule = `# comment
schedules:
- release: 1.37
  releaseDate: 2026-08-26
  maintenanceModeStartDate: 2027-08-28
  endOfLifeDate: 2027-10-28
  next:
    release: 1.37.4
    cherryPickDeadline: 2026-12-04
    targetDate: 2026-12-08
  previousPatches:
  - release: 1.37.3
    cherryPickDeadline: ""
    targetDate: 2026-11-22
- release: 1.40
  releaseDate: "2027-08-26"
  endOfLifeDate: "2028-10-28"
- release: "1.36"
  releaseDate: "2026-04-22"
  endOfLifeDate: "2027-06-28"
- release: "1.34"
  endOfLifeDate: "2026-10-20"
`;
export const endOfLife = `branches:
- endOfLifeDate: "2026-10-27"
  finalPatchRelease: 1.34.14
  release: "1.34"
- endOfLifeDate: "2026-06-28"
  finalPatchRelease: 1.33.13
  note: a note
  release: "1.33"
`;

/** The official feed: everything that is known already, and what a test adds. */
export const cveFeed = (ids: readonly string[]): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Kubernetes Vulnerability Announcements - CVE Feed',
    _kubernetes_io: { feed_refresh_job: 'https://testgrid.k8s.io/', updated_at: '2026-11-23T00:00:00Z' },
    items: [...bundledReleaseData().cves.reviewed, ...ids].map((id) => ({
      _kubernetes_io: { google_group_url: 'https://groups.google.com/g/kubernetes-announce', issue_number: 1 },
      content_text: 'text',
      date_published: '2026-11-01T00:00:00Z',
      external_url: `https://www.cve.org/cverecord?id=${id}`,
      id,
      status: 'fixed',
      summary: 'a summary',
      url: 'https://github.com/kubernetes/kubernetes/issues/1',
    })),
  });

/** An original record, in the shape of the CVE list. */
export const cveRecord = (id: string, product: string, baseScore: number | undefined, versions: readonly object[]): string =>
  JSON.stringify({
    dataType: 'CVE_RECORD',
    dataVersion: '5.2',
    cveMetadata: { cveId: id, assignerShortName: 'kubernetes', state: 'PUBLISHED', datePublished: '2026-11-01T00:00:00Z' },
    containers: {
      cna: {
        affected: [{ defaultStatus: 'unaffected', product, vendor: 'Kubernetes', versions }],
        metrics: baseScore === undefined ? [] : [{ cvssV3_1: { baseScore, version: '3.1' }, format: 'CVSS' }],
        title: 'a title',
      },
      adp: [],
    },
  });

export const urls = { cveFeedUrl, cveRecordUrl, endOfLifeUrl, releasesUrl, scheduleUrl };
