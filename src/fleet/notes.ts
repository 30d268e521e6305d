import type { FleetMember } from '../model/fleet.js';
import { listed, texts } from '../model/outcome.js';

const maxCaveats = 20;

const groups = <T>(all: readonly T[], key: (one: T) => string | undefined): readonly (readonly [string, readonly T[]])[] =>
  [...Map.groupBy(all, key)].flatMap(([name, some]) => (name === undefined ? [] : [[name, some] as const]));

const labels = (some: readonly FleetMember[]): string =>
  listed(
    some.map(({ cluster }) => cluster.report),
    5,
  );

/** Requirements of the certificate scope on which reports of one cluster do not agree. */
const disputed = (some: readonly FleetMember[]): readonly string[] => {
  const outcomes = groups(
    some.flatMap(({ report }) => report.requirements.filter(({ category }) => category === 'certificate')),
    ({ id }) => id,
  );
  return outcomes.filter(([, rows]) => new Set(rows.map(({ outcome }) => outcome)).size > 1).map(([id]) => id);
};

/** Clusters that are there twice: each report counts, so that a failure is never hidden behind a pass. */
const twiceNotes = (members: readonly FleetMember[]): readonly string[] => {
  const sure = groups(members, ({ cluster }) => cluster.uid).filter(([, some]) => some.length > 1);
  const known = new Set(sure.flatMap(([, some]) => some));
  const maybe = groups(members, (one) => (known.has(one) || one.cluster.name === '' ? undefined : one.cluster.name)).filter(
    ([, some]) => some.length > 1 && some.some(({ cluster }) => cluster.uid === undefined),
  );
  return [
    ...sure.map(([, some]) => {
      const differing = disputed(some);
      const differ = differing.length === 0 ? '' : `; they differ in ${listed(differing, 5)}`;
      return `The cluster ${some[0]?.cluster.name ?? ''} is there ${some.length} times (${labels(some)}): every one of these reports counts${differ}.`;
    }),
    ...maybe.map(
      ([name, some]) =>
        `${some.length} clusters are called ${name} (${labels(some)}): whether they are the same one cannot be told, as not every report holds the UID of its cluster. Every one counts.`,
    ),
  ];
};

const standardsOf = ({ report }: FleetMember): readonly string[] =>
  report.standards.filter(({ category }) => category === 'certificate').map(({ id }) => id);

const differenceNotes = (members: readonly FleetMember[]): readonly string[] => {
  const all = [...new Set(members.flatMap(standardsOf))];
  const partial = members.flatMap((member) => {
    const lacking = all.filter((id) => !standardsOf(member).includes(id));
    return lacking.length === 0 ? [] : [`${member.cluster.report} does not judge ${listed(lacking)}`];
  });
  const scopes = groups(members, ({ report: { official } }) =>
    official === undefined ? undefined : `${official.scope.name} ${official.version ?? 'without a version'} (${official.scope.uuid})`,
  ).map(([name, some]) => `${name}: ${labels(some)}`);
  const tools = groups(members, ({ cluster }) => cluster.tool).map(([name, some]) => `${name} (${labels(some)})`);
  return texts(
    partial.length > 0 && `The reports are about different standards of the certificate scope: ${listed(partial, 5)}.`,
    scopes.length > 1 && `The official verdicts are about different scopes: ${listed(scopes, 5)}.`,
    tools.length > 1 && `The reports are of different versions, which may judge differently: ${listed(tools, 5)}.`,
  );
};

/** What each report says beside its own verdict, once. */
const caveatNotes = (members: readonly FleetMember[]): readonly string[] =>
  groups(
    members.flatMap((member) => member.report.caveats.map((caveat) => ({ caveat, member }))),
    ({ caveat }) => caveat,
  )
    .slice(0, maxCaveats)
    .map(([caveat, some]) => `${caveat} (${labels(some.map(({ member }) => member))})`);

/** What has to be known beside the table of several clusters. */
export const notesOf = (members: readonly FleetMember[]): readonly string[] => [
  ...twiceNotes(members),
  ...differenceNotes(members),
  ...caveatNotes(members),
];
