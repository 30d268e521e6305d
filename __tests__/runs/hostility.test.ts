import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../src/model/limits.js';
import type { Report } from '../../src/model/report.js';
import { statusBody } from '../helpers/api-faults.js';
import { deliveriesOf, textsOf } from '../helpers/every-output.js';
import { hostile, refusingWith } from '../helpers/hostile-cluster.js';
import { program } from '../helpers/program.js';
import { recordingOf, startRecordedCluster, type RecordedCluster, type TroubleMaker } from '../helpers/recorded-cluster.js';
import { rendered, tagsOf } from '../helpers/rendered.js';
import { hostileFragments, hostileText } from '../helpers/report.js';
import { reported, wholeRun, type WholeRun } from '../helpers/whole-run.js';
import { commandsIn, workflowStep } from '../helpers/workflow-step.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** Whoever may label a node writes into the reports of its cluster: as text, and as nothing else. */
let cluster: RecordedCluster;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  cluster = await startRecordedCluster(recordingOf('good'));
});
afterAll(async () => {
  await cluster.close();
  await rm(directory, { recursive: true });
});
const run = async (trouble: TroubleMaker): Promise<WholeRun> =>
  reported(await wholeRun({ kubeconfig: cluster.lane(trouble).kubeconfig() }));

/** Everything that a forge renders. */
const markdownOf = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(textsOf(report)).filter(([name]) => name.endsWith('.md')));

describe('Markdown', () => {
  interface Page {
    readonly tags: readonly string[];
    readonly links: ReadonlySet<string>;
  }
  const pageOf = (markdown: string): Page => {
    const html = rendered(markdown);
    return { tags: tagsOf(html), links: new Set([...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url ?? '')) };
  };
  const pagesOf = async (trouble: TroubleMaker): Promise<ReadonlyMap<string, Page>> =>
    new Map(Object.entries(markdownOf((await run(trouble)).report)).map(([name, text]) => [name, pageOf(text)]));
  /** Elements that are opened are closed in their order; what has no end is left out. */
  const unbalanced = (tags: readonly string[]): readonly string[] => {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const tag of tags.filter((t) => !['br', 'hr', 'img', 'input', '!--'].includes(t)))
      if (!tag.startsWith('/')) open.push(tag);
      else if (open.pop() !== tag.slice(1)) wrong.push(tag);
    return [...wrong, ...open];
  };
  /** In groups, for each alone is a test of the reporters; the breaks between them are no part of any. */
  const size = 24;
  const groups = Array.from({ length: Math.ceil(hostileFragments.length / size) }, (_, i) =>
    hostileFragments.slice(i * size, (i + 1) * size).join('x'),
  );
  const ways: readonly (readonly [string, (text: string) => TroubleMaker])[] = [
    ['in every text of the cluster', hostile],
    ['in every refusal', refusingWith],
  ];

  // How much of a text is shown hangs on its length: what a page is made of must not.
  test.each(ways)(
    'fragments that a forge acts on, %s, bring no element and no link into a page',
    async (_title, way) => {
      const harmless = await pagesOf(way('harmless'));
      expect(harmless.size).toBeGreaterThanOrEqual(5);
      for (const text of [...groups, hostileText])
        for (const [name, { tags, links }] of await pagesOf(way(text))) {
          const before = harmless.get(name)!;
          expect({ text, name, foreign: [...new Set(tags)].filter((tag) => !before.tags.includes(tag)) }).toEqual({
            text,
            name,
            foreign: [],
          });
          expect({ text, name, links: [...links].filter((url) => !before.links.has(url)) }).toEqual({ text, name, links: [] });
          expect({ text, name, unbalanced: unbalanced(tags) }).toEqual({ text, name, unbalanced: unbalanced(before.tags) });
        }
    },
    120_000,
  );

  test('nobody is mentioned, and no issue, commit or address becomes a link', async () => {
    const { report } = await run(hostile(' @user @org/team #123 org/repo#1 GH-12 !17 https://x.example www.example.org '));
    expect(JSON.stringify(report)).toContain('@org/team');
    for (const text of Object.values(markdownOf(report))) {
      const html = rendered(text);
      expect(html).not.toMatch(/href="[^"]*example/);
      // Inside of code a forge links nothing.
      expect(html.replace(/<(code|pre)>[^]*?<\/\1>/g, '')).not.toMatch(/@user|@org|#123|repo#1|GH-12|!17|:\/\/x\.example|www\.example/);
    }
  });
});

describe('the log of a workflow', () => {
  /** Controls but for the line break, and what turns the direction of a line. */
  const moving = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;
  const payload = '::pwned::x\n::pwned::y\r::pwned::z\n \u0085::pwned file=a::b ##[pwned]c\u001b[2J\u202e\n##[pwned]d\npwned=1\n';
  /** The runner acts on our own commands, each of which says nothing but words. */
  const own = ['error', 'warning', 'notice', 'debug', 'add-mask', 'group', 'endgroup'];

  test.each<[string, TroubleMaker]>([
    ['a cluster in which every text holds commands', hostile(payload)],
    ['a server that refuses everything with commands', refusingWith(payload)],
    [
      'a server whose first answer is an error with commands',
      () => ({ kind: 'answer', answer: { status: 500, body: statusBody(500, payload) } }),
    ],
    [
      'a server that redirects to commands',
      () => ({ kind: 'answer', answer: { status: 302, headers: { location: 'https://::pwned::x/##[pwned]' }, body: '' } }),
    ],
  ])('the action on %s', async (_title, trouble) => {
    const step = await workflowStep({ kubeconfig: cluster.lane(trouble).kubeconfig(), offline: 'true' });
    const commands = commandsIn(`${step.ended.stdout}\n${step.ended.stderr}`);
    expect(commands.filter(({ command }) => !own.includes(command.split(/[\s,]/)[0] ?? ''))).toEqual([]);
    for (const { line } of commands) expect(/^::\w+ ([^:]*)::/.exec(line)?.[1] ?? '').not.toMatch(/file=|pwned/);
    expect(step.ended.stdout).not.toMatch(moving);
    // A value of several lines stands between delimiters that nobody can guess; a name of ours begins each.
    const names = [...step.outputs.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n[^]*?\n\2$/gm)].map(([, name]) => name);
    expect(step.outputs.replace(/^(.+?)<<(ghadelimiter_\S+)\n[^]*?\n\2$/gm, '').trim()).toBe('');
    expect(names).not.toContain('pwned');
    expect(step.ended.code).toBe(1);
  });

  test.each(['table', 'json'])('the program with the format %s', async (format) => {
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, cluster.lane(hostile(payload)).kubeconfig());
    const it = await program(['check', '--kubeconfig', kubeconfig, '--offline', '--verbose', '--format', format]);
    expect(it.stdout).toContain('pwned');
    expect(commandsIn(it.stdout)).toEqual([]);
    expect(commandsIn(it.stderr)).toEqual([]);
    expect(it.stdout).not.toMatch(moving);
  });

  test.each([
    ['the first answer is an error', 500],
    ['everything is refused', 403],
  ])('what the program says on standard error where %s', async (_title, status) => {
    const trouble: TroubleMaker =
      status === 403 ? refusingWith(payload) : () => ({ kind: 'answer', answer: { status, body: statusBody(status, payload) } });
    const kubeconfig = join(directory, 'kubeconfig');
    await writeFile(kubeconfig, cluster.lane(trouble).kubeconfig());
    const it = await program(['check', '--kubeconfig', kubeconfig, '--offline']);
    expect(it.code).toBe(3);
    expect(commandsIn(`${it.stdout}\n${it.stderr}`)).toEqual([]);
    expect(it.stderr).not.toMatch(moving);
  });
});

describe('sizes', () => {
  const mebi = 1024 * 1024;
  test.each<[string, TroubleMaker]>([
    ['every text of the cluster', hostile('x'.repeat(100_000))],
    ['every refusal', refusingWith('x '.repeat(500_000))],
    ['every refusal, in characters that are escaped', refusingWith('<|`@'.repeat(250_000))],
    [
      'the version',
      (endpoint) =>
        endpoint === 'GET /version' ? { kind: 'answer', answer: { body: { gitVersion: `v1.36.3+${'x'.repeat(mebi)}` } } } : undefined,
    ],
  ])('long texts in %s: every report stays within its limit', async (_title, trouble) => {
    const { report, snapshot, told } = await run(trouble);
    for (const delivery of deliveriesOf(report)) {
      if (delivery.kind === 'summary') expect(Buffer.byteLength(delivery.markdown)).toBeLessThanOrEqual(limits.summaryBytes);
      if (delivery.kind === 'comment')
        for (const text of delivery.variants) expect(text.length).toBeLessThanOrEqual(limits.commentFullCharacters);
      if (delivery.kind === 'annotations')
        for (const { title, message } of delivery.annotations) {
          expect(title.length).toBeLessThanOrEqual(limits.annotationTitleCharacters);
          expect(message.length).toBeLessThanOrEqual(limits.annotationCharacters);
        }
      if (delivery.kind === 'log') expect(delivery.text.length).toBeLessThan(mebi);
    }
    expect({ report: JSON.stringify(report).length < mebi, snapshot: snapshot.length < mebi, told: told.join().length < 100_000 }).toEqual({
      report: true,
      snapshot: true,
      told: true,
    });
  });
});
