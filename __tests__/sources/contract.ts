import { afterEach, describe, expect, test } from '@jest/globals';
import { NotAvailable, UserError } from '../../src/model/errors.js';
import type { Opened, Source } from '../../src/sources/source.js';
import { rejection, shown } from '../helpers/shown.js';
import { sourceContext } from '../helpers/source-context.js';

/** One source with what it needs to be tried. */
export interface ContractCase<Options> {
  readonly source: Source<Options>;
  /** With these it opens. */
  readonly options: Options;
  /** With these it cannot. */
  readonly broken: Options;
  /** Values in the options, or issued while opening, that nobody may see. */
  readonly secrets: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gives back the doubles. */
  readonly tearDown: () => Promise<void>;
}

/**
 * What every source must meet, whatever it is made of.
 * @param name of the source
 * @param setUp makes a case, anew for each test
 */
export const meetsTheContract = <Options>(name: string, setUp: () => Promise<ContractCase<Options>>): void => {
  describe(`the contract of sources: ${name}`, () => {
    const open: { opened?: Opened; tearDown?: () => Promise<void> } = {};
    afterEach(async () => {
      await open.opened?.close();
      await open.tearDown?.();
      delete open.opened;
    });
    const start = async (): Promise<ContractCase<Options>> => {
      const it = await setUp();
      open.tearDown = it.tearDown;
      return it;
    };

    test('it carries its name, and says for people what was opened', async () => {
      const { source, options, env } = await start();
      open.opened = await source.open(options, sourceContext(env));
      expect(source.name).toBe(name);
      expect(open.opened.source).toBe(name);
      expect(open.opened.name).toMatch(/\S/);
      expect(open.opened.detail).toMatch(/\S/);
      // eslint-disable-next-line no-control-regex -- what would end a line or move a cursor
      expect(`${open.opened.name}${open.opened.detail}${open.opened.caveats.join('')}`).not.toMatch(/[\u0000-\u001f]/);
    });

    test('a live cluster answers, a recorded one holds facts and their moment', async () => {
      const { source, options, env } = await start();
      open.opened = await source.open(options, sourceContext(env));
      const { cluster } = open.opened;
      if (cluster.live) {
        expect((await cluster.api.request({ path: '/version' })).status).toBe(200);
        expect(cluster.network.endpoint.port).toBeGreaterThan(0);
      } else {
        expect(Object.keys(cluster.facts).length).toBeGreaterThan(0);
        expect(new Date(cluster.recordedAt).getTime()).not.toBeNaN();
      }
    });

    test('closing it twice is as good as once, and what was closed answers no more', async () => {
      const { source, options, env } = await start();
      const opened = await source.open(options, sourceContext(env));
      expect(await opened.close()).toEqual([]);
      expect(await opened.close()).toEqual([]);
      if (opened.cluster.live) expect(await rejection(opened.cluster.api.request({ path: '/version' }))).toBeInstanceOf(NotAvailable);
    });

    test('secrets are registered, and stand in nothing that is shown', async () => {
      const { source, options, secrets, env } = await start();
      const context = sourceContext(env);
      open.opened = await source.open(options, context);
      const { name: title, detail, caveats } = open.opened;
      for (const secret of secrets) {
        // Of a key the lines between its frames.
        const lines = secret.split('\n').filter((line) => line.length >= 6 && !line.startsWith('-----'));
        expect(context.hidden).toEqual(expect.arrayContaining(lines));
        expect(shown([title, detail, caveats, context.lines])).not.toContain(secret);
      }
    });

    test('what cannot be opened is an error for people: it says what to do, and no secret', async () => {
      const { source, broken, secrets, env } = await start();
      const context = sourceContext(env);
      const error = await rejection(source.open(broken, context));
      expect(error).toBeInstanceOf(UserError);
      for (const problem of error instanceof UserError ? error.problems : []) expect(problem).toMatch(/\.$/);
      for (const secret of secrets) expect(shown([error, context.lines])).not.toContain(secret);
    });

    test('a run that was cancelled before it began is not kept waiting', async () => {
      const { source, options, env } = await start();
      const context = sourceContext(env);
      context.cancel();
      const begun = performance.now();
      open.opened = await source.open(options, context).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UserError);
        return undefined as unknown as Opened;
      });
      expect(performance.now() - begun).toBeLessThan(5_000);
    });
  });
};
