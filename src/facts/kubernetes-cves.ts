import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import type { Documents, FetchedDocument } from '../model/ports.js';
import { readJson } from '../text/read-json.js';
import { readCveRecord } from './support/cve-records.js';
import { chooseSection, fetchedSection, originSchema, parseFetched } from './support/data-section.js';
import { bundledReleaseData, cveSchema, mayBeCritical, type Cve, type ReleaseData } from './support/release-data.js';

/** Every CVE that the Kubernetes Security Response Committee announced: https://kubernetes.io/docs/reference/issues-security/official-cve-feed/ */
export const cveFeedUrl = 'https://kubernetes.io/docs/reference/issues-security/official-cve-feed/index.json';

/** The original record of a CVE, as the CVE programme publishes it: https://github.com/CVEProject/cvelistV5 */
export const cveRecordUrl = (id: string): string => {
  const [, year = '', number = ''] = id.split('-');
  return `https://raw.githubusercontent.com/CVEProject/cvelistV5/main/cves/${year}/${number.slice(0, -3)}xxx/${id}.json`;
};

const hour = 3_600_000;
const maxRecords = 200;
const atOnce = 12;

const schema = z.object({
  ...originSchema,
  /** Base score 8.0 and more, or unknown. */
  list: z.readonly(z.array(cveSchema)),
  /** Announced CVEs whose record could not be had or read, and what was announced without an id: nothing can be concluded from their absence in `list`. */
  unread: z.readonly(z.array(z.string())),
});
export type KubernetesCves = z.infer<typeof schema>;

const text = z.optional(z.nullable(z.string()));
const feed = z.object({ items: z.array(z.object({ id: text, summary: text, url: text, external_url: text })) });

/** What the official feed announces. */
export interface Announced {
  readonly ids: readonly string[];
  /** Items without the id of a CVE, each by its address or by what it says: nobody can tell what they announce. */
  readonly unnamed: readonly string[];
}

/**
 * Reads the ids out of the official feed; one item may announce several.
 * @throws {NotAvailable} where it is no such feed, or holds next to nothing: an empty feed is no absence of CVEs
 */
export const parseCveFeed = (json: string): Announced => {
  const items = parseFetched(cveFeedUrl, readJson(json), feed).items.map(({ id, summary, url, external_url: external }, i) => ({
    ids: [id, summary, external].flatMap(
      (part) =>
        (part ?? '')
          .slice(0, 300)
          .toUpperCase()
          .match(/CVE-\d{4}-\d{4,9}/g) ?? [],
    ),
    shown:
      [url, external, id, summary].find((part) => part !== undefined && part !== null && part.trim() !== '') ?? `item ${i + 1} of the feed`,
  }));
  const ids = [...new Set(items.flatMap((item) => item.ids))];
  if (ids.length < 20) throw new NotAvailable('malformed', `${cveFeedUrl}: the answer lists ${ids.length} CVEs, which cannot be all`);
  return { ids: ids.sort(), unnamed: items.flatMap((item) => (item.ids.length === 0 ? [item.shown.slice(0, 200)] : [])) };
};

type Read = { readonly document: FetchedDocument; readonly cve?: Cve } | { readonly unread: string };

const readOne = async (documents: Documents, id: string): Promise<Read> => {
  try {
    const document = await documents.fetch(cveRecordUrl(id), { maxAgeMs: 24 * hour, maxBytes: 1024 * 1024 });
    const reading = readCveRecord(readJson(document.text));
    if (reading?.id !== id) return { unread: id };
    if (!reading.core || !mayBeCritical(reading)) return { document };
    return reading.ranges === null
      ? { unread: id }
      : { document, cve: cveSchema.parse({ id, score: reading.score, ranges: reading.ranges }) };
  } catch {
    return { unread: id };
  }
};

/** Some at a time: a runner shares its address with many others. */
const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
};

/**
 * Asks for the announced CVEs, and for the records of those that are not known yet.
 * @param known what was reviewed before; its records are not asked for again
 * @returns the section, and every id that is reviewed now
 */
export const liveCves = async (
  documents: Documents,
  known: ReleaseData['cves'],
): Promise<{ readonly section: KubernetesCves; readonly reviewed: readonly string[] }> => {
  const announced = await documents.fetch(cveFeedUrl, { maxAgeMs: hour, maxBytes: 8 * 1024 * 1024 });
  const { ids: all, unnamed } = parseCveFeed(announced.text);
  const ids = all.filter((id) => !known.reviewed.includes(id));
  if (ids.length > maxRecords)
    throw new NotAvailable(
      'too-large',
      `${cveFeedUrl}: ${ids.length} CVEs are new, more than the ${maxRecords} that are asked for one by one; take a newer release of this program`,
    );
  const read = await inTurns(ids, (id) => readOne(documents, id));
  const fetched = [announced, ...read.flatMap((r) => ('document' in r ? [r.document] : []))];
  const unread = [...read.flatMap((r) => ('unread' in r ? [r.unread] : [])), ...unnamed];
  const section: KubernetesCves = {
    ...fetchedSection(fetched, 'official CVE feed of kubernetes.io, records of github.com/CVEProject/cvelistV5'),
    list: [...known.critical, ...read.flatMap((r) => ('cve' in r ? [r.cve] : []))],
    unread,
  };
  return { section, reviewed: [...new Set([...known.reviewed, ...all])].filter((id) => !unread.includes(id)).sort() };
};

/** CVEs of Kubernetes itself that are critical by the standard, with the versions they affect, where they come from and how old that is. */
export const kubernetesCves = defineFact({
  name: 'kubernetes-cves',
  schema,
  permissions: [],
  collect: ({ documents }) =>
    chooseSection<KubernetesCves>(
      documents,
      async (d) => (await liveCves(d, bundledReleaseData().cves)).section,
      (origin, { cves }) => ({ origin, asOf: cves.asOf, source: cves.source, list: cves.critical, unread: [] }),
    ),
});
