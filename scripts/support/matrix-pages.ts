import { stringify } from 'yaml';
import {
  cells,
  dimensions,
  phases,
  portName,
  ports,
  type CellSpec,
  type Dimension,
  type SubjectKind,
} from '../../src/probes/network-policy/cells.js';
import { labels, policyChanges, type PolicyChange } from '../../src/probes/network-policy/policies.js';
import { metadataService } from '../../src/probes/network-policy/script.js';
import { testsOfCells } from '../../src/standards/support/policy-tests.js';

/** One picture of the page: the cells of a dimension after one change, where both directions mirror each other drawn once. */
interface Picture {
  readonly name: string;
  readonly phase: number;
  readonly subject: SubjectKind;
  readonly cells: readonly CellSpec[];
  /** `both`: ingress and egress expect the same. */
  readonly direction: 'both' | 'ingress' | 'egress';
}

const changes = policyChanges({ b: ['<address of b>'], c: ['<address of c>'] }, true);

const keyOf = (cell: CellSpec): string =>
  `${cell.id.split('/').slice(1).join('/')} ${cell.peer} ${cell.expected} ${cell.port} ${cell.protocol}`;

const picturesOf = (dimension: Dimension): readonly Picture[] => {
  const own = cells.filter((cell) => cell.dimension === dimension);
  const groups = [...new Set(own.map(({ phase, subject }) => `${phase} ${subject}`))];
  return groups.flatMap((group) => {
    const some = own.filter(({ phase, subject }) => `${phase} ${subject}` === group);
    const { phase, subject } = some[0]!;
    const ingress = some.filter(({ direction }) => direction === 'ingress');
    const egress = some.filter(({ direction }) => direction === 'egress');
    const mirrored = ingress.length === egress.length && ingress.every((cell) => egress.some((other) => keyOf(other) === keyOf(cell)));
    const picture = (direction: Picture['direction'], which: readonly CellSpec[]): readonly Picture[] =>
      which.length === 0
        ? []
        : [
            {
              name: [dimension, ...(groups.length > 1 || !mirrored ? [`${phase}`, subject, direction] : [])].join('-'),
              phase,
              subject,
              direction,
              cells: which,
            },
          ];
    return mirrored ? picture('both', ingress) : [...picture('ingress', ingress), ...picture('egress', egress)];
  });
};

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Labels of a peer's pod at that phase: those of `a` and `b` change places in the second one. */
const roleOf = (peer: string, phase: number): string => {
  const first = peer === 'a' || peer === 'c' ? 'a' : 'b';
  return phase >= 2 && (peer === 'a' || peer === 'b') ? (first === 'a' ? 'b' : 'a') : first;
};
const teamOf = (phase: number): string => (phase >= 4 ? 'z' : 'y');

const box = (x: number, y: number, width: number, height: number, title: string, kind: 'space' | 'pod'): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${kind === 'space' ? '#f6f8fa' : '#ffffff'}" stroke="${kind === 'space' ? '#8c959f' : '#24292f'}"/>` +
  `<text x="${x + 8}" y="${y + 16}" font-weight="${kind === 'pod' ? 'bold' : 'normal'}">${escape(title)}</text>`;

const peerAt = { a: [24, 40], b: [24, 100], c: [24, 196], d: [24, 256] } as const;
const subjectAt = { x: 514, y: 130, width: 182, height: 80 };

const arrow = (cell: CellSpec, offset: number, direction: Picture['direction']): string => {
  const [px, py] = peerAt[cell.peer];
  const from = cell.via === 'node' ? { x: 600, y: 272 } : { x: px + 180, y: py + 12 + offset * 12 };
  const to =
    cell.via === 'node'
      ? { x: 600, y: subjectAt.y + subjectAt.height }
      : { x: subjectAt.x, y: subjectAt.y + 40 + (py - 148) / 6 + offset * 10 };
  const colour = cell.expected === 'allowed' ? '#1a7f37' : '#cf222e';
  const dashed = cell.expected === 'allowed' ? '' : ' stroke-dasharray="5 4"';
  const marker = `url(#${cell.expected})`;
  const ends =
    direction === 'egress'
      ? `marker-start="${marker}"`
      : direction === 'both'
        ? `marker-start="${marker}" marker-end="${marker}"`
        : `marker-end="${marker}"`;
  const along = 0.12 + offset * 0.3;
  const middle = {
    x: from.x + (to.x - from.x) * along + (cell.via === 'node' ? 8 : 0),
    y: from.y + (to.y - from.y) * along + (cell.via === 'node' ? -16 : -4),
  };
  const via =
    cell.via === 'service' ? ' by its Service' : cell.via === 'name' ? ' by name' : cell.via === 'node' ? ' from the kubelet' : '';
  const sign = cell.expected === 'allowed' ? '✓' : '✕';
  return (
    `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" stroke="${colour}" stroke-width="2"${dashed} ${ends}/>` +
    `<text x="${middle.x}" y="${middle.y}" fill="${colour}" stroke="#ffffff" stroke-width="4" paint-order="stroke">${sign} ${cell.protocol} ${cell.port}${via}</text>`
  );
};

const svg = (picture: Picture): string => {
  const { phase, subject } = picture;
  const byPeer = (peer: CellSpec['peer']): readonly CellSpec[] => picture.cells.filter((cell) => cell.peer === peer);
  const own = subject === 'closed' ? 'namespace of its own' : `namespace x (${labels.team}=x)`;
  const peer = (name: CellSpec['peer'], label: string): string =>
    box(peerAt[name][0], peerAt[name][1], 180, 46, `pod ${name}`, 'pod') +
    `<text x="${peerAt[name][0] + 8}" y="${peerAt[name][1] + 34}">${label}</text>`;
  const marker = (id: string, colour: string): string =>
    `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`;
  const title = picture.cells.map((cell) => cell.title).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 330" width="720" height="330" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<defs>${marker('allowed', '#1a7f37')}${marker('denied', '#cf222e')}</defs>`,
    '<rect width="720" height="330" fill="#ffffff"/>',
    box(12, 14, 206, 142, `namespace x (${labels.team}=x)`, 'space'),
    box(12, 170, 206, 142, `namespace y (${labels.team}=${teamOf(phase)})`, 'space'),
    box(502, 100, 206, 122, own, 'space'),
    ...(picture.cells.some(({ via }) => via === 'node') ? [box(502, 272, 206, 30, 'kubelet of the same node', 'space')] : []),
    ...(['a', 'b', 'c', 'd'] as const).map((name) => peer(name, `${labels.role}=${roleOf(name, phase)}`)),
    box(subjectAt.x, subjectAt.y, subjectAt.width, subjectAt.height, `pod ${subject}`, 'pod'),
    `<text x="${subjectAt.x + 8}" y="${subjectAt.y + subjectAt.height - 10}">${phase === 4 && subject === 'closed' ? 'no policy' : 'under the policy'}</text>`,
    ...(['a', 'b', 'c', 'd'] as const).flatMap((name) => byPeer(name).map((cell, i) => arrow(cell, i, picture.direction))),
    '</svg>',
    '',
  ].join('\n');
};

/** The policies that select a pod under test after a change, as they stand then. */
const policiesAt = (subject: SubjectKind, phase: number): readonly { readonly name: string; readonly spec: object }[] => {
  const standing = new Map<string, object>();
  const mine = ({ name, space }: PolicyChange): boolean =>
    subject === 'closed' ? space === 'z' : name === subject || name.startsWith(`${subject}-`);
  for (const change of changes
    .slice(0, phase + 1)
    .flat()
    .filter(mine)) {
    if (change.how === 'remove') standing.delete(change.name);
    else standing.set(change.name, change.spec ?? {});
  }
  return [...standing].map(([name, spec]) => ({ name, spec }));
};

const yamlOf = (subject: SubjectKind, phase: number): string => {
  const some = policiesAt(subject, phase);
  if (some.length === 0) return 'No policy selects the pod any more.';
  const text = some
    .map(({ name, spec }) =>
      stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec }, { aliasDuplicateObjects: false }),
    )
    .join('---\n');
  return `<details>\n<summary>${some.length === 1 ? 'The policy' : 'The policies'}</summary>\n\n\`\`\`yaml\n${text}\`\`\`\n\n</details>`;
};

const directionWords = { both: 'ingress and egress', ingress: 'ingress', egress: 'egress' } as const;

const pictureText = (picture: Picture): string =>
  [
    `![${picture.cells.map(({ title }) => title).join('; ')}](images/policy-matrix/${picture.name}.svg)`,
    '',
    `Change ${picture.phase} (${phases[picture.phase] ?? ''}), ${directionWords[picture.direction]}:`,
    '',
    '| cell | peer | port | expected |',
    '| --- | --- | --- | --- |',
    ...picture.cells.map(
      (cell) =>
        `| \`${picture.direction === 'both' ? '{ingress,egress}' : cell.direction}/${cell.id.split('/').slice(1).join('/')}\`<br>${cell.title} | ${cell.peer} | ${cell.protocol} ${cell.port} | ${cell.expected} |`,
    ),
    '',
    yamlOf(picture.subject, picture.phase),
  ].join('\n');

const introduction = `<!-- Generated from src/probes/network-policy by \`npm run generate\`. -->

# The policy matrix

What the tier \`active\` probes for \`scs-0219-v1/network-policy\`, cell by cell. The matrix is our own test: it shows within a minute what a network enforces, on which node. It can refute the
requirement, but never proves it. Only the tests of Kubernetes prove it, and only they count for the official testcase (\`scs-0219-v1/network-policy\`).

## How it is probed

On each node that takes part stand eight small pods. Four are **under test**: \`closed\` in a namespace of its own, and \`labels\`, \`spaces\` and \`ports\` in namespace x; each is selected
by policies of its own. Four are their **peers**: \`a\` and \`b\` in namespace x, \`c\` and \`d\` in namespace y. \`a\` and \`c\` carry one label, \`b\` and \`d\` another. Every pod answers on TCP
and UDP ${ports.first}, on TCP ${ports.low} and ${ports.high}, and on TCP ${ports.named}, which is named \`${portName}\`.

For **ingress** the peers ask the pods under test; for **egress** the pods under test ask the peers, under the same rules written with \`to\`. Each cell is probed twice for each node: with the
peer on the same node, and with the peer on the next one. So a node that does not enforce is named: it is that of the pod under test.

Each pod asks all of its targets over and over again, each time by a new connection, and writes the answers to its log. Its orders stand in an annotation of the pod, which the kubelet
writes into a file: no order crosses the pod network, and pods that may talk to nobody go on probing.

Before it gets orders, \`a\` on each node connects once to ${metadataService.host}, port ${metadataService.port}, where clouds answer with metadata, and sends nothing. What it saw
stands in the evidence of \`scs-0219-v1/default-restrictions\`, and decides nothing.

1. Everything is asked **${phases[0]}**. A cell through which nothing comes now cannot be probed, and makes no pass.
2. Four times something is **changed** (${phases
  .slice(1)
  .map((phase) => `"${phase}"`)
  .join(', ')}). After each change every cell that belongs to it has to come out as expected in two
   rounds in a row, all at the same moment. Networks enforce a little later than a policy is there: how late, is measured and reported. A change that has no effect after 20 seconds (\`probe.patience\` of the config file) is broken.
   On busy nodes, where a round takes longer than two seconds, a cell is waited for until as many rounds were seen as 20 seconds hold (10), for two minutes at most; with fewer rounds it is open.
3. What is let through now and then is not denied: the cell is broken. What should be let through and is only now and then may be a loaded machine: the cell is open, and makes no pass.
   Silence is a denial only where the pod that should answer goes on asking itself: one that is gone proves nothing.

A block is meant for addresses outside of the cluster. Networks that know pods by their labels alone (Cilium) let no pod through by one. If every cell that a block should open stays closed, on
every node, the list of tests that may fail decides: SCS's list tolerates the tests of Kubernetes that ask the same, so these cells are tolerated. With a list that does not (\`data.exceptions\` of the config file), those of egress
fail, and those of ingress, for which Kubernetes has no test, are open.

The same list holds for every other cell: one that is not as expected is tolerated, and left open, if all [tests of Kubernetes that ask the same](#tests-of-kubernetes-that-ask-the-same)
may fail by it. A cell that no test of Kubernetes asks for is never tolerated.

SCTP is optional: where no node's kernel speaks it, or the network carries none of it, the
report says that it was not shown.

In the pictures a green arrow is let through and a red dashed one is not; arrows with two heads are probed in both directions.

`;

/** What tells a test from the others: all of them are of NetworkPolicy between server and client. */
const testCell = (name: string): string =>
  `\`${name.replace(/^.* NetworkPolicy between server and client /, '').replace(/ \[Feature:NetworkPolicy\]$/, '')}\``;

const testsSection = [
  '## Tests of Kubernetes that ask the same',
  '',
  'No test of Kubernetes asks for a cell that is not in this table. Names are shown without their beginning, `[sig-network] Netpol NetworkPolicy between server and client`, and without their tags.',
  '',
  '| cells | tests |',
  '| --- | --- |',
  ...Object.entries(testsOfCells).map(([cell, tests]) => `| \`${cell}\` | ${tests.map(testCell).join('<br>')} |`),
  '',
].join('\n');

/** The page that explains each cell, and its pictures, by their paths. */
export const matrixPages = (): Readonly<Record<string, string>> => {
  const sections = (Object.keys(dimensions) as readonly Dimension[]).map((dimension) => ({ dimension, pictures: picturesOf(dimension) }));
  const page = sections
    .map(
      ({ dimension, pictures }) =>
        `## ${dimensions[dimension][0]?.toUpperCase() ?? ''}${dimensions[dimension].slice(1)}\n\n${pictures.map(pictureText).join('\n\n')}\n`,
    )
    .join('\n');
  return {
    'docs/policy-matrix.md': `${introduction}${page}\n${testsSection}`,
    ...Object.fromEntries(
      sections.flatMap(({ pictures }) =>
        pictures.map((picture) => [`docs/images/policy-matrix/${picture.name}.svg`, svg(picture)] as const),
      ),
    ),
  };
};
