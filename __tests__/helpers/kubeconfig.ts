import { NotAvailable } from '../../src/model/errors.js';
import type { Api, ApiRequest, Network } from '../../src/model/ports.js';
import { kubeconfigSource, type KubeconfigOptions } from '../../src/sources/kubeconfig.js';
import type { Opened } from '../../src/sources/source.js';
import { rejection } from './shown.js';
import { sourceContext, type WatchedContext } from './source-context.js';

/** Options with deadlines that a test can wait for. */
export const quick = (options: Partial<KubeconfigOptions>): KubeconfigOptions => ({
  execPlugins: 'allow',
  execTimeoutMs: 5_000,
  requestTimeoutMs: 5_000,
  ...options,
});

export interface Live {
  readonly opened: Opened;
  readonly api: Api;
  readonly network: Network;
  readonly context: WatchedContext;
}

/** Opens a live cluster. Close `opened` afterwards. */
export const openLive = async (options: Partial<KubeconfigOptions>, env: Readonly<Record<string, string>> = {}): Promise<Live> => {
  const context = sourceContext(env);
  const opened = await kubeconfigSource.open(quick(options), context);
  if (!opened.cluster.live) throw new Error('a kubeconfig leads to a live cluster');
  return { opened, context, api: opened.cluster.api, network: opened.cluster.network };
};

/** Why a cluster cannot be opened. */
export const refusedToOpen = (options: Partial<KubeconfigOptions>, env: Readonly<Record<string, string>> = {}): Promise<Error> =>
  rejection(kubeconfigSource.open(quick(options), sourceContext(env)));

/** Why a request has no answer. */
export const noAnswer = async (api: Api, request: ApiRequest): Promise<NotAvailable> => {
  const error = await rejection(api.request(request));
  if (!(error instanceof NotAvailable)) throw error;
  return error;
};
