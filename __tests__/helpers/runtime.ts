import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../src/run/runtime.js';
import { Redactor } from '../../src/text/redact.js';

/** A runtime for tests, and what the run did with it. */
export interface TestRuntime {
  readonly runtime: Runtime;
  /** Everything that people were told while it worked: log lines and steps, as the entries print them. */
  readonly told: readonly string[];
  /** The same before the redactor: what a source or a fact handed over. */
  readonly raw: readonly string[];
  /** Every secret that was registered. */
  readonly secrets: readonly string[];
  readonly redactor: Redactor;
  readonly directory: string;
  readonly cancel: () => void;
  readonly remove: () => Promise<void>;
}

/**
 * A runtime with a directory of its own, an empty environment and a clock that stands still.
 * @param options.now the moment; the real one without, because the certificates of the doubles are made for today
 */
export const testRuntime = async (options: { readonly now?: Date; readonly env?: Runtime['env'] } = {}): Promise<TestRuntime> => {
  const directory = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  const stop = new AbortController();
  const redactor = new Redactor();
  const [told, raw, secrets]: [string[], string[], string[]] = [[], [], []];
  const now = options.now ?? new Date();
  const say = (text: string): void => {
    raw.push(text);
    told.push(redactor.redact(text));
  };
  return {
    runtime: {
      env: { HOME: directory, ...options.env },
      signal: stop.signal,
      log: say,
      step: (text, how) => say(how === undefined ? text : `${text}: ${how}`),
      secret: (value) => {
        secrets.push(value);
        redactor.add(value);
      },
      redactor,
      now: () => now,
      directory,
      cacheDirectory: join(directory, 'cache'),
      onResource: () => true,
      leaveCluster: false,
    },
    told,
    raw,
    secrets,
    redactor,
    directory,
    cancel: () => stop.abort(),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
};
