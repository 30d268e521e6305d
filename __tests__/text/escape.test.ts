import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  annotationText,
  clip,
  clipMiddle,
  inertForRunner,
  markdownCode,
  markdownFence,
  markdownLink,
  markdownProse,
  markdownText,
  plainText,
  terminalText,
} from '../../src/text/escape.js';
import { anyCharacter } from '../helpers/any-character.js';
import { rendered, shownOf, tagsOf } from '../helpers/rendered.js';
import { hostileFragments } from '../helpers/report.js';

const hostile = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...hostileFragments) },
      { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 6 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const always = (check: (text: string) => void): void => fc.assert(fc.property(hostile, check), { numRuns: 100 });

const withoutBreakers = (text: string): string => text.replaceAll('\u200b', '');
/** What a forge links in the text nodes of a rendered page. */
const reference = /@[A-Za-z0-9]|#[A-Za-z0-9]|![0-9]|GH-[0-9]|:\/\/|www\./i;
const runnerCommand = /##\[|^\s*::/m;

describe('a hostile text in Markdown', () => {
  test.each([
    ['a paragraph', (t: string) => t, ['p', '/p']],
    ['the middle of a paragraph', (t: string) => `before ${t} after`, ['p', '/p']],
    ['the second line of a paragraph', (t: string) => `before\n${t}`, ['p', '/p']],
    ['a heading', (t: string) => `## ${t}`, ['h2', '/h2']],
    ['strong text', (t: string) => `**x ${t} x**`, ['p', 'strong', '/strong', '/p']],
    ['an item of a list', (t: string) => `- x<br>${t}`, ['ul', 'li', 'br', '/li', '/ul']],
    [
      'HTML',
      (t: string) => `<details>\n<summary>${t}</summary>\n\nx\n\n</details>`,
      ['details', 'summary', '/summary', 'p', '/p', '/details'],
    ],
    ['a link', (t: string) => `[x ${t}](https://example.org)`, ['p', 'a', '/a', '/p']],
  ])('shows itself in %s, and brings no element', (_, into, tags) => {
    always((text) => {
      const plain = plainText(text);
      if (plain === '') return;
      const html = rendered(into(markdownText(text)));
      expect(tagsOf(html)).toEqual(tags);
      expect(withoutBreakers(shownOf(html))).toContain(plain);
    });
  });

  test('stays in its cell of a table, as text and as code', () => {
    always((text) => {
      const html = rendered(`| a | b |\n| --- | --- |\n| ${markdownText(text)} | ${markdownCode(text)} |\n| c | d |`);
      const cells = [...html.matchAll(/<td>([\s\S]*?)<\/td>/g)].map((m) => withoutBreakers(shownOf(m[1]!)));
      expect(cells).toEqual([plainText(text), plainText(text), 'c', 'd']);
      expect(tagsOf(html).filter((tag) => !/^\/?(?:table|thead|tbody|tr|th|td|code)$/.test(tag))).toEqual([]);
    });
  });

  test('mentions nobody, refers to nothing and links nowhere', () => {
    always((text) => expect(shownOf(rendered(`x ${markdownText(text)}`))).not.toMatch(reference));
  });

  test('as code shows itself and brings no marker and no command of the runner', () => {
    always((text) => {
      const code = markdownCode(text);
      const html = rendered(`x ${code} y`);
      expect(withoutBreakers(shownOf(html))).toBe(`x ${plainText(text)} y`);
      expect(code).not.toMatch(/<!--|-->|##\[/);
    });
  });

  test('in a sentence of ours brings code and nothing else', () => {
    always((text) => {
      const html = rendered(`| ${markdownProse(`see ${text}`)} |\n| --- |\n| c |`);
      expect(tagsOf(html).filter((tag) => !/^\/?(?:table|thead|tbody|tr|th|td|code)$/.test(tag))).toEqual([]);
      expect(withoutBreakers(shownOf(html)).replaceAll('`', '').replace(/\s/g, '')).toBe(
        `${plainText(`see ${text}`)}c`.replaceAll('`', '').replace(/\s/g, ''),
      );
    });
  });

  test('in a fence ends no fence', () => {
    always((text) => {
      const html = rendered(`${markdownFence(text, 'yaml')}\n\nafter`);
      expect(tagsOf(html)).toEqual(['pre', 'code', '/code', '/pre', 'p', '/p']);
      expect(markdownFence(text)).not.toMatch(/<!--|-->|##\[|^\s*::/m);
    });
  });

  test('with something invisible between its backticks ends no fence either', () => {
    const html = rendered(`${markdownFence('```\u200d``\n# heading', 'yaml')}\n\nafter`);
    expect(tagsOf(html)).toEqual(['pre', 'code', '/code', '/pre', 'p', '/p']);
  });

  test('as an address is percent-encoded or no link at all', () => {
    always((text) => {
      const html = rendered(`| ${markdownLink('title', `https://example.org/${text}`)} |\n| --- |\n| ${markdownLink('title', text)} |`);
      const links = tagsOf(html).filter((tag) => tag === 'a').length;
      expect(links).toBeLessThanOrEqual(2);
      expect(tagsOf(html).filter((tag) => !/^\/?(?:table|thead|tbody|tr|th|td|a)$/.test(tag))).toEqual([]);
      for (const [, address] of html.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^https?:\/\/[^\s<>"]+$/);
    });
  });
});

describe('a hostile text elsewhere', () => {
  test.each([
    ['the terminal', terminalText],
    ['an annotation', annotationText],
  ])('in %s is one line without controls and commands', (_, escaped) => {
    always((text) => {
      expect(escaped(text)).not.toMatch(/\p{Cc}/u);
      expect(withoutBreakers(escaped(text))).not.toMatch(/\p{Cf}/u);
      expect(escaped(text)).not.toMatch(runnerCommand);
      expect(withoutBreakers(escaped(text))).toBe(plainText(text));
      expect(escaped(text).isWellFormed()).toBe(true);
    });
  });

  test('a text that is clean already stays what it is', () => {
    always((text) => expect(plainText(plainText(text))).toBe(plainText(text)));
  });
});

describe('lines of a log', () => {
  test.each([
    ['::error::x', ':\u200b:error::x'],
    ['  ::error::x', '  :\u200b:error::x'],
    ['\u001b[31m::error::x', '\u001b[31m:\u200b:error::x'],
    ['fine\n::add-mask::x', 'fine\n:\u200b:add-mask::x'],
    ['anywhere ##[error]x', 'anywhere ##\u200b[error]x'],
    ['fd00::1 and std::string', 'fd00::1 and std::string'],
  ])('%j', (line, inert) => expect(inertForRunner(line)).toBe(inert));
});

describe('cutting a text', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['too long', 4, 'too…'],
    ['ab🧨cd', 4, 'ab…'],
    ['ab🧨cd', 5, 'ab🧨…'],
  ])('%j to %d code units', (text, most, cut) => expect(clip(text, most)).toBe(cut));

  test.each([
    ['nodes: GET /api/v1/nodes: 403 forbidden; grant list nodes', 40, 'nodes: GET /api/v1/nod… grant list nodes'],
    ['short', 5, 'short'],
    ['aaaaa🧨🧨', 8, 'aaa… 🧨'],
  ])('%j in its middle to %d code units', (text, most, cut) => expect(clipMiddle(text, most)).toBe(cut));

  test('in its middle never leaves half of a pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.integer({ min: 4, max: 20 }),
        (text, most) => clipMiddle(text, most).isWellFormed() && clipMiddle(text, most).length <= most,
      ),
    );
  });

  test('never leaves half of a pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.integer({ min: 1, max: 20 }),
        (text, most) => clip(text, most).isWellFormed() && clip(text, most).length <= most,
      ),
    );
  });
});

describe('ordinary texts', () => {
  test.each([
    ['Set `--a=b` on `kube-apiserver`.', 'Set `--a=b` on `kube-apiserver`.'],
    ['`a_b` first', '`a_b` first'],
    ['`a``b`', '`a`\u200b`b`'],
    ['half a ` span', 'half a &#96; span'],
    ['- no list, `code` * x', '&#45; no list, `code` &#42; x'],
  ])('%j as a sentence with code', (text, escaped) => expect(markdownProse(text)).toBe(escaped));

  test.each([
    ['1.37 is out since 2026-08-26: see v1.36.4', '1.37 is out since 2026-08-26: see v1.36.4'],
    ['all 3 nodes carry topology.kubernetes.io/zone', 'all 3 nodes carry topology.kubernetes.io/zone'],
    ['system:node:worker-1 (10.0.0.1, fd00::1)', 'system:node:worker-1 (10.0.0.1, fd00::1)'],
  ])('%j stays readable in the source of Markdown', (text, escaped) => expect(markdownText(text)).toBe(escaped));
  test.each([
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['', ''],
    ['a|b', 'a&#124;b'],
  ])('%j as code', (text, code) => expect(markdownCode(text)).toBe(code));
});
