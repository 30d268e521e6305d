import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as actionsCore from '@actions/core';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { CommentResult } from '../../src/github/synchroniser.js';
import { deliver, type Core, type Sinks } from '../../src/github/deliver.js';
import { plainLog, workflowLog } from '../../src/github/log.js';
import type { Delivery, FileDelivery } from '../../src/model/delivery.js';
import { Redactor } from '../../src/text/redact.js';

let home: string;
let said: { kind: string; message: string; place?: unknown }[];
let printed: string;
let redactor: Redactor;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'deliver-'));
  await writeFile(join(home, 'summary.md'), '');
  said = [];
  printed = '';
  redactor = new Redactor();
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const core: Core = {
  error: (message, place) => said.push({ kind: 'error', message, place }),
  warning: (message, place) => said.push({ kind: 'warning', message, place }),
  notice: (message, place) => said.push({ kind: 'notice', message, place }),
  info: (message) => said.push({ kind: 'info', message }),
  startGroup: (name) => (printed += `[${name}]`),
  endGroup: () => (printed += '[/]'),
};
const sinks = (more: Partial<Sinks> = {}): Sinks => ({
  core,
  env: { GITHUB_STEP_SUMMARY: join(home, 'summary.md'), GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(home, 'workspace') },
  directory: join(home, 'out'),
  redactor,
  print: (text) => (printed += text),
  ...more,
});
const file = (name: string, text = '{}', more: Partial<FileDelivery> = {}): Delivery => ({
  kind: 'file',
  format: 'json',
  name,
  text,
  ...more,
});
const summary = (markdown: string): Delivery => ({ kind: 'summary', markdown });
const comment: Delivery = { kind: 'comment', variants: ['hunter22-token'], fingerprint: 'f' };
const commented =
  (result: CommentResult): NonNullable<Sinks['comment']> =>
  () =>
    Promise.resolve(result);

test('one of each kind', async () => {
  const deliveries: Delivery[] = [
    { kind: 'annotations', annotations: [{ severity: 'error', title: 't', message: 'm', file: 'kind.yaml', line: 3 }] },
    summary('# ok'),
    comment,
    file('report.json'),
    { kind: 'log', text: 'done\n' },
  ];
  const delivered = await deliver(deliveries, sinks({ comment: commented({ status: 'created', url: 'https://x' }) }));
  expect(delivered).toEqual({
    files: { json: join(home, 'out', 'report.json') },
    comment: { status: 'created', url: 'https://x' },
    failures: [],
    message: 'wrote 5 of 5 reports',
  });
  expect(said).toEqual([{ kind: 'error', message: 'm', place: { title: 't', file: 'kind.yaml', startLine: 3 } }]);
  expect(await readFile(join(home, 'summary.md'), 'utf8')).toBe('# ok\n');
  expect(printed).toBe('[Result]done\n[/]');
});

describe('one delivery breaks', () => {
  test('a summary that is a directory: the rest is written, and the sentence says why', async () => {
    await rm(join(home, 'summary.md'));
    await mkdir(join(home, 'summary.md'));
    const delivered = await deliver([summary('# ok'), file('report.json')], sinks());
    expect(delivered.message).toMatch(/^wrote 1 of 2 reports; job summary failed: The job summary cannot be written: .*EISDIR: /);
    expect(delivered.failures).toHaveLength(1);
    expect(delivered.files).toHaveProperty('json');
  });

  test('a comment that failed, and one that was skipped', async () => {
    expect((await deliver([comment], sinks({ comment: commented({ status: 'failed', reason: '500' }) }))).message).toBe(
      'wrote 0 of 1 report; pull request comment failed: 500',
    );
    expect((await deliver([comment], sinks({ comment: commented({ status: 'skipped', reason: 'fork' }) }))).failures).toEqual([]);
  });
});

describe('job summary', () => {
  test('no GITHUB_STEP_SUMMARY: a failure that says so', async () => {
    const delivered = await deliver([summary('# ok')], sinks({ env: {} }));
    expect(delivered.failures).toEqual([expect.stringMatching(/GITHUB_STEP_SUMMARY is not set/)]);
  });

  test('what is there already counts: a mebibyte is not exceeded, and nothing is written', async () => {
    await writeFile(join(home, 'summary.md'), 'x'.repeat(1_048_576 - 10));
    expect((await deliver([summary('1234567890')], sinks())).message).toMatch(
      /job summary .*: 11 bytes in addition to 1048566 .* nothing was written/,
    );
    expect((await stat(join(home, 'summary.md'))).size).toBe(1_048_566);
    expect((await deliver([summary('123456789')], sinks())).failures).toEqual([]);
    expect(
      (await deliver([summary('ö'.repeat(600_000))], sinks({ env: { GITHUB_STEP_SUMMARY: join(home, 'other.md') } }))).failures,
    ).toHaveLength(1);
  });
});

describe('files', () => {
  test('mode 0644 whatever the umask, nothing left beside it, replaced as a whole', async () => {
    const before = process.umask(0o077);
    await deliver([file('report.json', 'one')], sinks()).finally(() => process.umask(before));
    await deliver([file('report.json', 'two')], sinks());
    expect(await readFile(join(home, 'out', 'report.json'), 'utf8')).toBe('two');
    expect((await stat(join(home, 'out', 'report.json'))).mode & 0o777).toBe(0o644);
    expect(await readdir(join(home, 'out'))).toEqual(['report.json']);
  });

  test.each(['../report.json', '/etc/report.json', 'a/b.json', '..', '', 'a\\b', 'a\0b'])('the name %j is refused', async (name) => {
    expect((await deliver([file(name)], sinks())).message).toMatch(/no plain file name/);
    expect(await readdir(home)).toEqual(['out', 'summary.md']);
  });

  test('a symbolic link in the place of the report is replaced, not followed', async () => {
    await writeFile(join(home, 'victim'), 'untouched');
    await mkdir(join(home, 'out'));
    await symlink(join(home, 'victim'), join(home, 'out', 'report.json'));
    expect((await deliver([file('report.json', 'new')], sinks())).failures).toEqual([]);
    expect(await readFile(join(home, 'victim'), 'utf8')).toBe('untouched');
    expect(await readFile(join(home, 'out', 'report.json'), 'utf8')).toBe('new');
  });

  test.each([
    ['the directory itself', 'out'],
    ['a directory above it, within the workspace', 'out/deeper'],
  ])('a pull request made %s a symbolic link', async (_, directory) => {
    await mkdir(join(home, 'workspace'));
    await mkdir(join(home, 'elsewhere'));
    await symlink(join(home, 'elsewhere'), join(home, 'workspace', 'out'));
    expect((await deliver([file('report.json')], sinks({ directory: join(home, 'workspace', directory) }))).message).toMatch(
      /symbolic link/,
    );
    expect(await readdir(join(home, 'elsewhere'))).toEqual([]);
  });

  test('a directory whose name is that of a file', async () => {
    await writeFile(join(home, 'out'), '');
    expect((await deliver([file('report.json')], sinks())).message).toMatch(/report\.json failed: EEXIST|ENOTDIR/);
  });
});

describe('a file that the user names', () => {
  const at = (path: string, format = 'junit'): Delivery => file('default.xml', '<x/>', { format, path });

  test('its folder is made, and nothing is written into the output directory', async () => {
    const path = join(home, 'new', 'deeper', 'a.xml');
    expect(await deliver([at(path)], sinks())).toMatchObject({ files: { junit: path }, failures: [] });
    expect(await readFile(path, 'utf8')).toBe('<x/>');
    expect(await readdir(home)).toEqual(['new', 'summary.md']);
  });

  test('a relative one is of the current directory', async () => {
    const path = relative(process.cwd(), join(home, 'a.xml'));
    expect((await deliver([at(path)], sinks())).files).toEqual({ junit: join(home, 'a.xml') });
  });

  test('two reports at one place: the first stays, the second is a failure', async () => {
    const path = join(home, 'out', 'report.json');
    const delivered = await deliver([file('report.json', 'one'), at(`${home}/out/./report.json`)], sinks());
    expect(delivered.files).toEqual({ json: path });
    expect(delivered.message).toMatch(/^wrote 1 of 2 reports; .*another report is written to .*; give each report a file of its own$/);
    expect(await readFile(path, 'utf8')).toBe('one');
  });

  test.each([
    ['a folder', ''],
    ['a device', '/dev/null'],
  ])('%s is not replaced', async (_, path) => {
    expect((await deliver([at(path === '' ? home : path)], sinks())).message).toMatch(/is no plain file; name one/);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test('a symbolic link is neither followed nor replaced', async () => {
    await writeFile(join(home, 'victim'), 'untouched');
    await symlink(join(home, 'victim'), join(home, 'link.xml'));
    expect((await deliver([at(join(home, 'link.xml'))], sinks())).message).toMatch(/is a symbolic link; name the file that it points to/);
    expect(await readFile(join(home, 'victim'), 'utf8')).toBe('untouched');
  });

  test('within the workspace no folder that is a symbolic link is followed', async () => {
    await mkdir(join(home, 'workspace'));
    await mkdir(join(home, 'elsewhere'));
    await symlink(join(home, 'elsewhere'), join(home, 'workspace', 'reports'));
    expect((await deliver([at(join(home, 'workspace', 'reports', 'deeper', 'a.xml'))], sinks())).message).toMatch(/symbolic link/);
    expect(await readdir(join(home, 'elsewhere'))).toEqual([]);
  });
});

test('a secret leaves by no way', async () => {
  const token = 'hunter22-token';
  redactor.add(token);
  const sent: unknown[] = [];
  await rm(join(home, 'summary.md'));
  await mkdir(join(home, 'summary.md'));
  const delivered = await deliver(
    [
      { kind: 'annotations', annotations: [{ severity: 'warning', title: token, message: `a ${token}`, file: token }] },
      comment,
      file('report.json', JSON.stringify({ token })),
      { kind: 'log', text: encodeURIComponent(token) },
      summary(token),
    ],
    sinks({ comment: (content) => (sent.push(content), Promise.resolve({ status: 'failed', reason: 'x' })) }),
  );
  const everything = JSON.stringify([delivered, said, sent, printed]) + (await readFile(join(home, 'out', 'report.json'), 'utf8'));
  expect(everything).not.toContain('hunter22');
  expect(everything.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(6);
});

test('a password that is the word of a kind of delivery', async () => {
  for (const word of ['annotations', 'warning', 'log', 'report.json', 'json']) redactor.add(word);
  const delivered = await deliver(
    [{ kind: 'annotations', annotations: [{ severity: 'warning', title: 't', message: 'm' }] }, file('report.json')],
    sinks(),
  );
  expect(delivered.files).toEqual({ json: join(home, 'out', 'report.json') });
  expect(said[0]?.kind).toBe('warning');
});

describe('workflow commands', () => {
  const hostile = [
    '::error::pwned',
    '  ::set-output name=x::y',
    '\t::stop-commands::z',
    'ok ##[add-mask]x',
    'one\r::warning::two',
    '\u0085::error::nel',
    '\u001b[31m::error::red',
    '\u000b::error::tab',
    '\u001b]0;title\u0007::error::osc',
    '\u00a0::error::blank',
  ];
  /** As the runner reads a line: white space first, then `::name`, or `##[name` anywhere. */
  const colour = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*m`, 'g');
  const isCommand = (line: string): boolean => /^[\s\u0085]*::[\w-]/.test(line.replaceAll(colour, '')) || line.includes('##[');

  test.each(hostile)('%j', (text) => {
    for (const shown of [workflowLog(text), plainLog(text)]) expect(shown.split(/\r\n|\r|\n/).filter(isCommand)).toEqual([]);
  });

  test('addresses and colours stay as they are', () => {
    const text = 'fd00::1 is \u001b[32mup\u001b[0m\n\tand ::1 too';
    expect(workflowLog(text)).toBe(text);
    expect(plainLog('\u001b[32mup\u001b[0m')).toBe('up');
  });

  test('on a terminal nothing is changed, so that JSON stays what it is', async () => {
    await deliver([{ kind: 'log', text: '{"a":"##[x"}' }], sinks({ env: {} }));
    expect(printed).toBe('{"a":"##[x"}');
  });

  test('through the real toolkit the log is a group, and a hostile text neither ends it nor begins one', async () => {
    const lines: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    const log: Delivery = { kind: 'log', text: '::endgroup::\n  ::group::x\n##[endgroup]\nlast\n' };
    await deliver([log], sinks({ core: actionsCore, print: (text) => actionsCore.info(text) })).finally(() => spy.mockRestore());
    const printed = lines.join('').trimEnd().split('\n');
    expect(printed.filter(isCommand)).toEqual(['::group::Result', '::endgroup::']);
    expect([printed[0], printed.at(-1)]).toEqual(['::group::Result', '::endgroup::']);
  });

  test('through the real toolkit one annotation is one line', async () => {
    const lines: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    const annotation = {
      severity: 'error' as const,
      title: 'a, b: c',
      message: '100%\n::warning::pwned ##[add-mask]x',
      file: 'kind.yaml',
      line: 3,
    };
    await deliver([{ kind: 'annotations', annotations: [annotation] }], sinks({ core: actionsCore })).finally(() => spy.mockRestore());
    expect(lines.join('').trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^::error title=a%2C b%3A c,file=kind\.yaml,line=3::100%25%0A:\u200b:warning::pwned ##\u200b\[add-mask\]x$/),
    ]);
  });
});
