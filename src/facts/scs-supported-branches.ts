import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { readYaml } from '../text/read-yaml.js';
import type { Documents } from '../model/ports.js';
import { instantSchema, parseFetched } from './support/data-section.js';
import { partOr } from './support/parts.js';

/** The list of branches that SCS's own test of the version policy reads; it is kept by hand (repository SovereignCloudStack/standards). */
const scsBranchesUrl =
  'https://raw.githubusercontent.com/SovereignCloudStack/standards/main/Tests/kaas/scs_0210_version_policy/k8s-eol-data.yml';

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const branch = z.object({ branch: z.string().check(z.regex(/^\d{1,5}\.\d{1,5}$/)), endOfLife: day });
const schema = z.object({
  origin: z.enum(['live', 'cache', 'bundled']),
  /** ISO 8601. */
  asOf: instantSchema,
  list: z.readonly(z.array(branch).check(z.maxLength(500))),
});
export type ScsSupportedBranches = z.infer<typeof schema>;

const ends: Readonly<Record<string, string>> = {
  '1.36': '2027-06-28',
  '1.35': '2027-02-28',
  '1.34': '2026-10-27',
  '1.33': '2026-06-28',
  '1.32': '2026-02-28',
  '1.31': '2025-10-28',
  '1.30': '2025-06-28',
  '1.29': '2025-02-28',
  '1.28': '2024-10-28',
  '1.27': '2024-06-28',
  '1.26': '2024-02-28',
  '1.25': '2023-10-28',
};

/** The list as of commit 077174d9 of 2026-08-21. */
export const bundledScsBranches: ScsSupportedBranches = {
  origin: 'bundled',
  asOf: '2026-08-21',
  list: Object.entries(ends).map(([minor, endOfLife]) => ({ branch: minor, endOfLife })),
};

const file = z.array(z.object({ branch: branch.shape.branch, 'end-of-life': day })).check(z.minLength(1), z.maxLength(500));

/** Reads SCS's list. @throws {NotAvailable} where it has another shape */
export const parseScsBranches = (text: string): ScsSupportedBranches['list'] => {
  // Everything stays text: an unquoted `1.30` would be the number 1.3.
  const read = readYaml(text, { allText: true });
  const list = parseFetched(scsBranchesUrl, 'documents' in read ? read.documents[0] : undefined, file);
  return list.map((one) => ({ branch: one.branch, endOfLife: one['end-of-life'] }));
};

const liveScsBranches = async (documents: Documents): Promise<ScsSupportedBranches> => {
  const { text, fetchedAt, fromCache } = await documents.fetch(scsBranchesUrl, { maxAgeMs: 24 * 3_600_000, maxBytes: 256 * 1024 });
  return { origin: fromCache ? 'cache' : 'live', asOf: fetchedAt, list: parseScsBranches(text) };
};

/** Which branches SCS's own test takes for supported: live or cached, else bundled. */
export const scsSupportedBranches = defineFact({
  name: 'scs-supported-branches',
  schema,
  permissions: [],
  collect: async ({ documents }) =>
    documents.releaseDataFile === undefined ? partOr(liveScsBranches(documents), bundledScsBranches) : bundledScsBranches,
});
