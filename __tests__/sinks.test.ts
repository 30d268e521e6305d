import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver } from '../src/github/deliver.js';
import { plainLog, workflowLog } from '../src/github/log.js';
import { annotationText, markdownCode, markdownFence, markdownProse, markdownText, terminalText } from '../src/text/escape.js';
import { Redactor } from '../src/text/redact.js';
import { plainLine } from '../src/text/program-output.js';
import { inertJson } from '../src/reporters/json.js';
import { publicLine } from '../src/reporters/public-line.js';
import { oneLine, printable } from '../src/cli/screen.js';

const escape = '\u001b';
/** What moves a cursor, ends a line for some, shows nothing, or turns the direction of a text. */
const hidden: readonly (readonly [name: string, text: string])[] = [
  ['an override to the left', '\u202e'],
  ['an override to the right', '\u202d'],
  ['an embedding', '\u202a'],
  ['the end of one', '\u202c'],
  ['an isolate', '\u2066'],
  ['another isolate', '\u2067'],
  ['an isolate by the first character', '\u2068'],
  ['the end of an isolate', '\u2069'],
  ['a mark of a direction', '\u200f'],
  ['an Arabic mark of a direction', '\u061c'],
  ['a space without width', '\u200b'],
  ['a joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['an invisible operator', '\u2063'],
  ['a soft hyphen', '\u00ad'],
  ['a mark of byte order', '\ufeff'],
  ['an annotation', '\ufff9'],
  ['a tag', '\u{e0041}'],
  ['a Mongolian vowel separator', '\u180e'],
  ['half of a character', '\ud800'],
  ['the other half', '\udc00'],
  ['a backspace', '\b'],
  ['a bell', '\u0007'],
  ['a NUL', '\u0000'],
  ['a delete', '\u007f'],
  ['a next line', '\u0085'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['a vertical tab', '\v'],
  ['a form feed', '\f'],
  ['a movement of the cursor', `${escape}[2A`],
  ['a clearing of the screen', `${escape}[2J`],
  ['the same in one character', '\u009b2J'],
  ['a title of the window', `${escape}]0;title\u0007`],
  ['a link', `${escape}]8;;https://example.org${escape}\\`],
  ['a device control', `${escape}P1$r`],
  ['a reset', `${escape}c`],
];

/** What no sink may let through. Line breaks, tabs and our own breaker (behind a colon or hashes) are none of it. */
// eslint-disable-next-line no-control-regex -- controls are what it is about
const bad = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}\p{Cs}]/u;
const sinks: readonly (readonly [name: string, (text: string) => string])[] = [
  ['the log of a workflow', workflowLog],
  ['outputs, warnings and errors', plainLog],
  ['standard error', printable],
  ['a step of the work', oneLine],
  ['a terminal', terminalText],
  ['an annotation', annotationText],
  ['Markdown', markdownText],
  ['a sentence in Markdown', markdownProse],
  ['code in Markdown', markdownCode],
  ['a block in Markdown', markdownFence],
  ['JSON', inertJson],
  ['a line of a program', plainLine],
  ['a public page', publicLine],
];

describe.each(sinks)('%s', (_, sink) => {
  test.each(hidden)('holds nothing of %s', (_name, text) => {
    for (const name of [`kind${text}name`, `${text}name`, `name${text}`, `a${text}${text}b`, text])
      expect(sink(name).replaceAll('\\n', '')).not.toMatch(bad);
  });
});

test('colours stay in a log, and nothing else that a terminal acts on', () => {
  expect(workflowLog(`${escape}[31mred${escape}[0m ${escape}[2Kx${escape}]0;t\u0007y`)).toBe(`${escape}[31mred${escape}[0m xy`);
});

test('annotations, summary and files, as they are delivered', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'scs-kaas-sinks-'));
  const told: string[] = [];
  const say = (message: string, place: object = {}): void => void told.push(message, JSON.stringify(Object.values(place)));
  const core = { error: say, warning: say, notice: say, info: say, startGroup: say, endGroup: () => undefined };
  const message = hidden.map(([, text]) => `x${text}y`).join(' ');
  const summary = join(directory, 'summary.md');
  try {
    // The runner makes it.
    await writeFile(summary, '');
    await deliver(
      [
        { kind: 'annotations', annotations: [{ severity: 'error', title: message, message, file: message, line: 1 }] },
        { kind: 'summary', markdown: markdownText(message) },
        { kind: 'log', text: message },
      ],
      { core, env: { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' }, directory, redactor: new Redactor(), print: say },
    );
    for (const text of [...told, await readFile(summary, 'utf8')]) expect(text).not.toMatch(bad);
    expect(told.length).toBeGreaterThan(3);
    expect(await readFile(summary, 'utf8')).not.toBe('');
  } finally {
    await rm(directory, { recursive: true });
  }
});
