import { tmpdir } from 'node:os';
import type { SourceContext } from '../../src/sources/source.js';

/** A context for a source, and what the source did with it. */
export interface WatchedContext extends SourceContext {
  readonly lines: string[];
  readonly hidden: string[];
  readonly cancel: () => void;
}

/** A context with an empty environment, unless one is given. */
export const sourceContext = (env: Readonly<Record<string, string | undefined>> = {}): WatchedContext => {
  const controller = new AbortController();
  const lines: string[] = [];
  const hidden: string[] = [];
  return {
    env,
    signal: controller.signal,
    log: (line) => void lines.push(line),
    secret: (value) => void hidden.push(value),
    directory: tmpdir(),
    lines,
    hidden,
    cancel: () => controller.abort(),
  };
};
