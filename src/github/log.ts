import { controlSequences, inertForRunner } from '../text/escape.js';

const escape = String.fromCharCode(0x1b);
const colour = new RegExp(`^${escape}\\[[0-9;]*m$`);
const colours = new RegExp(`${escape}\\[[0-9;]*m`, 'g');
/** Controls but for the line break, the tab and what begins a colour; and what shows nothing, turns the direction of a text or hides in it. */
const unseen = new RegExp(
  `[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001a\\u001c-\\u001f\\u007f-\\u009f\\p{Cf}]|${escape}(?!\\[[0-9;]*m)`,
  'gu',
);
/** Ends a line for some, and is white space to the runner, which would look behind it. */
const otherLineEnds = /[\u0085\u2028\u2029]/g;

/**
 * Text for the log of a workflow, or a terminal: no line of it is a command to the runner, and nothing in it moves, hides or turns what stands
 * around it, whatever a cluster or a kubeconfig put into it. Colours and line breaks stay. The runner reads commands after any white space and ends
 * lines at a carriage return too.
 */
export const workflowLog = (text: string): string =>
  inertForRunner(
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      .replace(controlSequences, (sequence) => (colour.test(sequence) ? sequence : ''))
      .replace(otherLineEnds, ' ')
      .replace(unseen, ''),
  );

/** The same for places that show no colours. */
export const plainLog = (text: string): string => workflowLog(text.replace(colours, ''));
