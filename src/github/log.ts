import { inertForRunner } from '../model/escape.js';

const escape = String.fromCharCode(0x1b);
const colours = new RegExp(`${escape}\\[[0-9;]*m`, 'g');
/** Controls but for the line break, the tab and what begins a colour; U+0085 is white space to the runner, which would look behind it. */
const controls = new RegExp(`[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001a\\u001c-\\u001f\\u007f-\\u009f]|${escape}(?!\\[[0-9;]*m)`, 'g');

/**
 * Text for the log of a workflow: no line of it is a command to the runner, whatever a cluster put into it; colours stay, other control
 * sequences go. The runner reads commands after any white space and ends lines at a carriage return too.
 */
export const workflowLog = (text: string): string => inertForRunner(text.replace(/\r\n?/g, '\n').replace(controls, ''));

/** The same for places that show no colours. */
export const plainLog = (text: string): string => workflowLog(text.replace(colours, ''));
