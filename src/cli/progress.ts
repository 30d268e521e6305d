import { shortened } from '../reporters/console.js';

/** Shows that work goes on, on standard error: standard output belongs to the report. */
export interface ProgressView {
  /** One step, in words; how far it has come changes often and is shown on a terminal alone. */
  readonly step: (text: string, how?: string) => void;
  /** A line that stays. */
  readonly line: (text: string) => void;
  readonly stop: () => void;
}

/** The part of a stream that is used. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly write: (text: string) => unknown;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const clear = '\r\u001b[K';

/** Makes a text fit to be shown: it is asked for what is shown alone, as steps are told more often than that. */
type Clean = (text: string) => string;

/** A spinner on a terminal. */
const spinner = (screen: Screen, clean: Clean): ProgressView => {
  let text = '';
  let frame = 0;
  const draw = (): void => {
    if (text !== '') screen.write(`${clear}${frames[frame++ % frames.length] ?? ''} ${shortened(clean(text), (screen.columns || 80) - 3)}`);
  };
  const timer = setInterval(draw, 100);
  timer.unref();
  return {
    step: (next, how) => {
      text = how === undefined ? next : `${next}: ${how}`;
      draw();
    },
    line: (line) => {
      screen.write(`${clear}${line}\n`);
      draw();
    },
    stop: () => {
      clearInterval(timer);
      text = '';
      screen.write(clear);
    },
  };
};

/** Plain lines, for logs; the same step, however many lines it has told meanwhile, is said once. */
const plain = (screen: Screen, clean: Clean): ProgressView => {
  let [last, lastStep] = ['', ''];
  const line = (text: string): void => {
    if (text !== last) screen.write(`${text}\n`);
    last = text;
  };
  const step = (text: string): void => {
    if (text !== lastStep) line(clean(text));
    lastStep = text;
  };
  return { step, line, stop: () => undefined };
};

/**
 * A view for a screen: a spinner on a terminal, plain lines else.
 * @param screen usually standard error
 * @param ci true where a log is read later, or where the terminal moves no cursor
 * @param clean for the texts of steps; lines are shown as they are
 */
export const progressView = (screen: Screen, ci: boolean, clean: Clean = (text) => text): ProgressView =>
  (screen.isTTY === true && !ci ? spinner : plain)(screen, clean);
