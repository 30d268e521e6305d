import { UserError } from '../../../src/model/errors.js';
import type { KindState } from '../../../src/sources/kind/clean-up.js';
import { kindSource, type KindWiring } from '../../../src/sources/kind/kind.js';
import type { KindOptions } from '../../../src/sources/kind/options.js';
import type { Opened } from '../../../src/sources/source.js';
import { factPorts, type Answer } from '../../helpers/fact-ports.js';
import { fakeKind, type FakeKind } from './fake-kind.js';
import { readyCluster } from './ready-cluster.js';

/** One run of the source with a fake kind on its PATH. */
export interface KindRun {
  readonly fake: FakeKind;
  readonly stop: AbortController;
  /** What was logged. */
  readonly lines: string[];
  /** What the source told, and the closing of its connection, in order. */
  readonly events: string[];
  /** The states that were saved. */
  readonly states: KindState[];
  /** A cluster whose API server gives these answers. */
  readonly opened: (answers: Readonly<Record<string, Answer>>) => Opened;
  readonly open: (options?: Partial<KindOptions>, wiring?: Partial<KindWiring>) => Promise<Opened>;
  /** The commands that kind was given, two words each. */
  readonly called: () => readonly string[];
}

export const kindRun = (): KindRun => {
  const [fake, stop] = [fakeKind(), new AbortController()];
  const [lines, events, states]: [string[], string[], KindState[]] = [[], [], []];
  const tell = (event: string): void => {
    events.push(event);
  };
  const opened = (answers: Readonly<Record<string, Answer>>): Opened => {
    const { api, network } = factPorts(answers);
    const close = (): Promise<readonly string[]> => {
      tell('closed');
      return Promise.resolve(['a warning of the connection']);
    };
    return {
      name: 'kind-x',
      source: 'kubeconfig',
      detail: 'x',
      caveats: ['another caveat'],
      cluster: { live: true, api, lasting: api, network, kubeconfig: () => Promise.resolve('') },
      close,
    };
  };
  const usual: KindWiring = {
    openKubeconfig: () => Promise.resolve(opened(readyCluster())),
    onCreating: (state) => {
      states.push(state);
      tell(`saved with ${fake.clusters().length} clusters`);
    },
    onReleased: () => tell('released'),
    onLogs: () => tell('logs'),
    settleMs: 20,
  };
  const log = (line: string): void => {
    lines.push(line);
  };
  const context = { env: fake.env, signal: stop.signal, log, secret: () => undefined, directory: fake.directory };
  const words = (args: readonly string[]): string => args.filter((a) => !a.startsWith('-')).slice(0, 2).join(' '); // prettier-ignore
  return {
    ...{ fake, stop, lines, events, states, opened },
    open: (options = {}, wiring = {}) => kindSource({ ...usual, ...wiring }).open({ waitMs: 20_000, ...options }, context),
    called: () => fake.calls().map(({ args }) => words(args)),
  };
};

/** The error of something that the user can mend; any other end is an error of the test. */
export const failure = async (opening: Promise<unknown>): Promise<UserError> => {
  const error = await opening.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof UserError)) throw new Error(`no user error: ${String(error)}`);
  return error;
};
