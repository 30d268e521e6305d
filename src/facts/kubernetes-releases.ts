import * as z from 'zod/mini';
import { isRealDay } from '../text/day.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { readYaml } from '../text/read-yaml.js';
import type { Documents, FetchedDocument } from '../model/ports.js';
import { readJson } from '../text/read-json.js';
import { chooseSection, fetchedSection, originSchema, parseFetched, type Section } from './support/data-section.js';
import { minorSchema, patchSchema, type PatchRelease, type ReleaseData, type SupportWindow } from './support/release-data.js';
import { compareMinors, compareVersions, minorOf, parseVersion } from './support/version.js';

/** https://docs.github.com/en/rest/releases/releases#list-releases: newest first, 100 a page. */
export const releasesUrl = (page: number): string =>
  `https://api.github.com/repos/kubernetes/kubernetes/releases?per_page=100&page=${page}`;
/** Three pages reach back about three years, more than twice upstream's support. */
const releasePages = [1, 2, 3] as const;
/** Upstream's own calendar: of the branches in support, and of those that ended. */
export const scheduleUrl = 'https://raw.githubusercontent.com/kubernetes/website/main/data/releases/schedule.yaml';
export const endOfLifeUrl = 'https://raw.githubusercontent.com/kubernetes/website/main/data/releases/eol.yaml';

const hour = 3_600_000;
const megabyte = 1024 * 1024;

const patches = z.object({
  ...originSchema,
  list: z.readonly(z.array(patchSchema)),
  /** Branches whose every patch until `asOf` is listed: there alone the absence of a newer one says something. */
  complete: z.readonly(z.array(z.string())),
});
const windows = z.object({ ...originSchema, list: z.readonly(z.array(minorSchema)) });
const schema = z.object({ patches, windows });
export type KubernetesReleases = z.infer<typeof schema>;

const githubRelease = z.array(
  z.object({ tag_name: z.string(), draft: z.boolean(), prerelease: z.boolean(), published_at: z.nullable(z.string()) }),
);

/**
 * Reads pages of GitHub's list of releases: finals alone, newest first.
 * @param pages consecutive ones from the first on
 * @throws {NotAvailable} where a page is no such list, or holds next to nothing
 */
export const parseGithubReleases = (pages: readonly string[]): Pick<KubernetesReleases['patches'], 'list' | 'complete'> => {
  const found = new Map<string, PatchRelease>();
  for (const page of pages) {
    const releases = parseFetched(releasesUrl(1), readJson(page), githubRelease, 'is no list of releases');
    for (const { tag_name: tag, draft, prerelease, published_at: released } of releases) {
      const version = /^v\d+\.\d+\.\d+$/.test(tag) ? parseVersion(tag)?.full : undefined;
      if (draft || prerelease || version === undefined || version === null || released === null || Number.isNaN(Date.parse(released)))
        continue;
      found.set(version, { version, released: new Date(released).toISOString() });
    }
  }
  if (found.size < 5)
    throw new NotAvailable('malformed', `${releasesUrl(1)}: the answer lists ${found.size} releases, which cannot be all`);
  const list = [...found.values()].sort((a, b) => compareVersions(b.version, a.version));
  // The list is ordered by creation: a branch whose first release is there is there as a whole.
  return { list, complete: list.filter(({ version }) => version.endsWith('.0')).map(({ version }) => minorOf(version)) };
};

const schedule = z.object({
  schedules: z.array(z.object({ release: z.string(), releaseDate: z.optional(z.string()), endOfLifeDate: z.optional(z.string()) })),
});
const ended = z.object({ branches: z.array(z.object({ release: z.string(), endOfLifeDate: z.string() })) });
const day = (text: string | undefined): string | null => (text !== undefined && text.length === 10 && isRealDay(text) ? text : null);

const calendarOf = <T>(url: string, text: string, shape: z.ZodMiniType<T>): T => {
  // Everything stays text: an unquoted `1.30` would be the number 1.3.
  const read = readYaml(text, { allText: true });
  if ('problems' in read) throw new NotAvailable('malformed', `${url}: the answer cannot be used: ${read.problems[0] ?? ''}`);
  return parseFetched(url, read.documents[0], shape);
};

/** Reads upstream's calendar. The list of ended branches wins: it says what happened, the schedule what was planned. */
export const parseCalendar = (scheduleYaml: string, endOfLifeYaml: string): readonly SupportWindow[] => {
  const found = new Map<string, SupportWindow>();
  for (const { release, releaseDate, endOfLifeDate } of calendarOf(scheduleUrl, scheduleYaml, schedule).schedules)
    found.set(release, { minor: release, released: day(releaseDate), endOfLife: day(endOfLifeDate) });
  for (const { release, endOfLifeDate } of calendarOf(endOfLifeUrl, endOfLifeYaml, ended).branches)
    found.set(release, {
      minor: release,
      released: found.get(release)?.released ?? null,
      endOfLife: day(endOfLifeDate) ?? found.get(release)?.endOfLife ?? null,
    });
  const list = [...found.values()].filter(({ minor }) => /^\d+\.\d+$/.test(minor)).sort((a, b) => compareMinors(b.minor, a.minor));
  if (list.length < 3) throw new NotAvailable('malformed', `${scheduleUrl}: the answer lists ${list.length} branches, which cannot be all`);
  return list;
};

/** Finals of GitHub, by the list of releases. */
export const livePatches = async (documents: Documents): Promise<KubernetesReleases['patches']> => {
  const pages = await Promise.all(
    releasePages.map((page) => documents.fetch(releasesUrl(page), { maxAgeMs: hour, maxBytes: 8 * megabyte })),
  );
  const times = pages.map((page) => Date.parse(page.fetchedAt));
  // Pages of different hours overlap or leave a gap: what was on the edge then has moved on since.
  const together = Math.max(...times) - Math.min(...times) < hour / 6;
  const used = together ? pages : pages.slice(0, 1);
  return {
    ...fetchedSection(used, 'releases of github.com/kubernetes/kubernetes'),
    ...parseGithubReleases(used.map((page) => page.text)),
  };
};

/** Support windows, by upstream's calendar. */
export const liveWindows = async (documents: Documents): Promise<KubernetesReleases['windows']> => {
  const fetch = (url: string): Promise<FetchedDocument> => documents.fetch(url, { maxAgeMs: 24 * hour, maxBytes: megabyte });
  const [planned, past] = await Promise.all([fetch(scheduleUrl), fetch(endOfLifeUrl)]);
  return {
    ...fetchedSection([planned, past], 'data/releases of github.com/kubernetes/website'),
    list: parseCalendar(planned.text, past.text),
  };
};

const fromFile = (origin: 'bundled' | 'file', { releases }: ReleaseData): KubernetesReleases => {
  const section: Section = { origin, asOf: releases.asOf, source: releases.source };
  const minors = [...new Set(releases.patches.map((p) => minorOf(p.version)))];
  return {
    patches: { ...section, list: releases.patches, complete: minors.filter((m) => !releases.incomplete.includes(m)) },
    windows: { ...section, list: releases.minors },
  };
};

/**
 * Releases of Kubernetes and the support windows of its branches, each with where it comes from and how old it is:
 * the user's file where one is given, else live or cached, else bundled; the newer one where there are two.
 */
export const kubernetesReleases = defineFact({
  name: 'kubernetes-releases',
  schema,
  permissions: [],
  collect: async ({ documents }) => {
    const [patchList, windowList] = await Promise.all([
      chooseSection(documents, livePatches, (origin, data) => fromFile(origin, data).patches),
      chooseSection(documents, liveWindows, (origin, data) => fromFile(origin, data).windows),
    ]);
    return { patches: patchList, windows: windowList };
  },
});
