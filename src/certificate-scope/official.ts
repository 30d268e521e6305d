import type { OfficialVerdict } from '../model/official.js';
import type { OfficialReport, RequirementReport } from '../model/report.js';
import { expiredBecause, expiredOn, expiryOf } from '../model/lifetime.js';
import type { Membership, Scope, ScopeTestcase, ScopeVersion } from './scope.js';
import { deriveTestcase, worstVerdict, type Derived } from './testcases.js';
import { certifies, versionsOn, type ValidVersion } from './validity.js';

/** What decides the verdict of a version; other targets are shown. */
const decidingTarget = 'main';

type Evaluated = ValidVersion & { readonly verdict: OfficialVerdict };

/**
 * The version whose verdict is the scope's. Upstream's rule: of those that can be certified against, in the file's order, the first that has
 * not failed; else the last.
 */
const decidingOf = (versions: readonly Evaluated[]): Evaluated | undefined => {
  const certifying = versions.filter(certifies);
  return certifying.find((one) => one.verdict !== 'FAIL') ?? certifying.at(-1);
};

/** What its testcases say that decide about it. */
const verdictsOf = ({ members }: ScopeVersion, of: (id: string) => Derived): readonly OfficialVerdict[] =>
  members.filter(({ target }) => target === decidingTarget).map(({ testcase }) => of(testcase).verdict);

const verdictReason = (
  deciding: Evaluated | undefined,
  versions: readonly Evaluated[],
  of: (id: string) => Derived,
  date: string,
): string => {
  if (deciding === undefined) {
    const drafts = versions.map(({ version, validity }) => `${version.name} is ${validity}`).join(', ');
    return `no version of the scope is in effect on ${date}${drafts === '' ? '' : `: ${drafts}`}`;
  }
  const own = verdictsOf(deciding.version, of);
  if (own.length === 0) return `${deciding.version.name} counts no testcase`;
  const parts = (['FAIL', 'MISSING', 'ABORT', 'PASS'] as const).flatMap((verdict) => {
    const n = own.filter((one) => one === verdict).length;
    return n === 0 ? [] : [`${n} ${verdict}`];
  });
  return `${deciding.version.name}, ${deciding.validity === 'warn' ? 'which expires soon' : 'in effect'}: ${parts.join(', ')}`;
};

/** Upstream takes no notice of a result whose time is over: it is as if it were not there. */
const ofToday = ({ lifetime }: ScopeTestcase, derived: Derived, now: Date): Derived => {
  const until = expiredOn(derived.checkedAt, lifetime, now);
  return until === undefined ? derived : { verdict: 'MISSING', message: expiredBecause(until), requirements: derived.requirements };
};

/**
 * The official verdict beside ours: which testcases count on the day, what each says, and what the scope says.
 * @param requirements of the report, each with its outcome
 * @param now the moment by which the report judges
 * @param source where the scope comes from, for the reader
 */
export const officialReport = (scope: Scope, requirements: readonly RequirementReport[], now: Date, source: string): OfficialReport => {
  const date = now.toISOString().slice(0, 10);
  const derived = new Map(
    [...scope.testcases.values()].map((testcase) => [testcase.id, ofToday(testcase, deriveTestcase(testcase, requirements), now)] as const),
  );
  const of = (id: string): Derived => derived.get(id) ?? { verdict: 'MISSING', message: 'the scope does not hold it', requirements: [] };
  const versions = versionsOn(scope, date).map((one) => ({
    ...one,
    verdict: worstVerdict(verdictsOf(one.version, of)),
  }));
  const deciding = decidingOf(versions);
  const isOf = (one: Evaluated, { testcase, target }: Membership): boolean =>
    one.version.members.some((m) => m.testcase === testcase && m.target === target);
  // The deciding version first: how a testcase stands there is how it is shown.
  const shown = [...(deciding === undefined ? [] : [deciding]), ...versions.filter((one) => one !== deciding)];
  const members = new Map<string, Membership>();
  for (const member of shown.flatMap(({ version }) => version.members))
    if (!members.has(member.testcase)) members.set(member.testcase, member);
  return {
    scope: { name: scope.name, uuid: scope.uuid, url: scope.url, form: scope.form, source },
    date,
    version: deciding?.version.name,
    verdict: deciding?.verdict ?? 'MISSING',
    message: verdictReason(deciding, versions, of, date),
    versions: versions.map(({ version, validity, verdict }) => ({ version: version.name, validity, verdict })),
    testcases: [...members.values()].map((member) => {
      const { verdict, message, requirements: ids, checkedAt } = of(member.testcase);
      const lifetime = scope.testcases.get(member.testcase)?.lifetime ?? 'week';
      return {
        id: member.testcase,
        module: member.module,
        target: member.target,
        counts: deciding !== undefined && isOf(deciding, { ...member, target: decidingTarget }),
        verdict,
        message,
        requirements: ids,
        checkedAt,
        lifetime,
        expires: verdict === 'MISSING' ? undefined : expiryOf(checkedAt === undefined ? now : new Date(checkedAt), lifetime),
      };
    }),
  };
};
