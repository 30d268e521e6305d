import { expect, test } from '@jest/globals';
import { progressView } from '../../src/cli/progress.js';
import { columnsOf } from '../../src/reporters/console.js';

const screen = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 40, write: (text: string) => written.push(text), written };
};

test('in CI: plain lines, one per step, whatever moves within', () => {
  const to = screen(false);
  const view = progressView(to, true);
  view.step('looking', '1 of 2');
  view.step('looking', '2 of 2');
  view.line('warning: x');
  view.stop();
  expect(to.written).toEqual(['looking\n', 'warning: x\n']);
});

test('in CI: a step that tells lines is not said again after each', () => {
  const to = screen(false);
  const view = progressView(to, true);
  view.step('testing');
  view.line('1 of 2');
  view.step('testing');
  view.line('2 of 2');
  view.step('looking');
  expect(to.written).toEqual(['testing\n', '1 of 2\n', '2 of 2\n', 'looking\n']);
});

test('on a terminal: one line that moves, no longer than the screen, and gone in the end', () => {
  const to = screen(true);
  const view = progressView(to, false);
  view.step('looking', 'x'.repeat(100));
  view.stop();
  const last = to.written.at(-2) ?? '';
  expect(last.replace('\r\u001b[K', '').length).toBeLessThanOrEqual(40);
  expect(to.written.at(-1)).toBe('\r\u001b[K');
});

test.each([
  ['漢'.repeat(100), 40],
  ['🧨'.repeat(100), 41],
  ['x'.repeat(100), 0],
])('on a terminal: wide characters take their columns, and a screen of unknown width has 80', (how, columns) => {
  const to = { ...screen(true), columns };
  const view = progressView(to, false);
  view.step('looking', how);
  view.stop();
  const shown = to.written[0]?.replace('\r\u001b[K', '') ?? '';
  expect(shown).toMatch(/^⠋ looking: .+…$/u);
  expect(columnsOf(shown)).toBeLessThan(columns || 80);
  expect(columnsOf(shown)).toBeGreaterThan((columns || 80) - 4);
});

test('on a terminal: a line stands above the step, and the cursor is never hidden, so that no end of the program leaves it hidden', () => {
  const to = screen(true);
  const view = progressView(to, false);
  view.step('looking');
  view.line('warning: x\nwarning: y');
  view.stop();
  view.line('warning: z');
  const clear = '\r\u001b[K';
  expect(to.written).toEqual([`${clear}⠋ looking`, `${clear}warning: x\nwarning: y\n`, `${clear}⠙ looking`, clear, `${clear}warning: z\n`]);
});

test.each([
  [true, '\r\u001b[K⠋ LOOKING: 1'],
  [false, 'LOOKING\n'],
])('what is shown of a step is cleaned, and nothing else', (tty, shown) => {
  const to = screen(tty);
  const asked: string[] = [];
  const view = progressView(to, false, (text) => {
    asked.push(text);
    return text.toUpperCase();
  });
  view.step('looking', '1');
  expect(to.written).toEqual([shown]);
  if (!tty) view.step('looking', '2');
  expect(asked).toHaveLength(1);
  view.stop();
});

test('a terminal in CI is no one who watches', () => {
  const to = screen(true);
  progressView(to, true).step('looking', '1');
  expect(to.written).toEqual(['looking\n']);
});
