import { reasonOf, UserError } from '../model/errors.js';
import { clip, plainText } from '../text/escape.js';
import { hostAndPort } from '../text/endpoint.js';
import { createClient, type CredentialSource } from '../kubernetes/http/client.js';
import { createSecrets, type Secrets } from '../text/connection-secrets.js';
import type { Opened, Source, SourceContext } from './source.js';
import { chooseContext } from '../kubernetes/kubeconfig/context.js';
import { createConnection, type Connection } from '../kubernetes/kubeconfig/connection.js';
import { createCredentials } from '../kubernetes/kubeconfig/credentials.js';
import { kubeconfigForPrograms } from '../kubernetes/kubeconfig/for-programs.js';
import { loadKubeconfig, type LoadOptions } from '../kubernetes/kubeconfig/load.js';
import { createNetwork } from '../kubernetes/kubeconfig/network.js';
import { probe } from '../kubernetes/kubeconfig/probe.js';
import { proxyName } from '../system/proxy.js';
import { readTarget, type Target } from '../kubernetes/kubeconfig/target.js';

export interface KubeconfigOptions extends LoadOptions {
  /** Name of the context; the kubeconfig's current one without. */
  readonly context?: string | undefined;
  /** Whether programs that the kubeconfig names may run. */
  readonly execPlugins: 'allow' | 'deny';
  /** The deadline of such a program, in milliseconds. */
  readonly execTimeoutMs: number;
  /** The deadline of a request, its retries included, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** `later`: `open` does not wait for the first answer, and hands it on as `reachable`. */
  readonly firstAnswer?: 'later' | undefined;
}

/** A name as people can read it in one line. */
const plainName = (name: string): string => clip(plainText(name), 200);

/** What `KubeconfigOptions` hold where nobody asked for anything else. */
export const kubeconfigDefaults = { execPlugins: 'allow', execTimeoutMs: 30_000, requestTimeoutMs: 15_000 } as const;

const connectionTo = (target: Target): Connection => {
  const connection = createConnection(target);
  try {
    // OpenSSL reads CA and key here; better now than in the first request.
    connection.dispatcherFor(target.certificate);
    return connection;
  } catch (cause) {
    throw new UserError([`The certificates of context "${target.context}" cannot be used: ${reasonOf(cause)}. Fetch a fresh kubeconfig.`], {
      cause,
    });
  }
};

const connect = async (target: Target, options: KubeconfigOptions, context: SourceContext, secrets: Secrets): Promise<Opened> => {
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const connection = connectionTo(target);
  const close = async (): Promise<readonly string[]> => {
    ended.abort();
    await connection.close();
    return [];
  };
  const route = { endpoint: target.endpoint, proxy: target.proxy && proxyName(target.proxy) };
  const credentialsUntil = (end: AbortSignal): CredentialSource =>
    createCredentials(target, { env: context.env, log: context.log, timeoutMs: options.execTimeoutMs, signal: end, secrets });
  const { gzip, impersonation } = target;
  const shared = { route, dispatcherFor: connection.dispatcherFor, impersonation, timeoutMs: options.requestTimeoutMs, gzip };
  const api = createClient({ ...shared, credentials: credentialsUntil(signal), signal });
  const lastingCredentials = credentialsUntil(ended.signal);
  const lasting = createClient({ ...shared, credentials: lastingCredentials, signal: ended.signal });
  const reachable = probe(api, target, route, options.requestTimeoutMs, secrets);
  // What impersonates waits until it is known that the impersonation arrives.
  const later = options.firstAnswer === 'later' && Object.keys(impersonation).length === 0;
  // Whoever waits for it later hears of a failure; until then it is not unhandled.
  if (later) reachable.catch(() => undefined);
  else
    await reachable.catch(async (error: unknown) => {
      await close();
      throw error;
    });
  const by = route.proxy === undefined ? '' : ` through the proxy ${route.proxy}`;
  return {
    name: plainName(target.context),
    source: 'kubeconfig',
    detail: `context ${plainName(target.context)}, ${target.endpoint.scheme}://${hostAndPort(target.endpoint)}${by}`,
    caveats: target.caveats,
    cluster: {
      live: true,
      api,
      lasting,
      kubeconfig: () => kubeconfigForPrograms(target, lastingCredentials),
      network: createNetwork(target, signal),
      reachable: later ? reachable : undefined,
    },
    close,
  };
};

/** A cluster that a kubeconfig leads to; also from inside of one of its pods. Asks it for its version once. */
export const kubeconfigSource: Source<KubeconfigOptions> = {
  name: 'kubeconfig',
  open: async (options, context) => {
    const secrets = createSecrets(context.secret);
    const kubeconfig = await loadKubeconfig(options, context.env, secrets, context.log);
    const chosen = chooseContext(kubeconfig, options.context);
    const target = await readTarget(chosen, options, context.env, secrets);
    return connect(target, options, context, secrets);
  },
};
