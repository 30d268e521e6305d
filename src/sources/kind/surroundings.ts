import { existsSync } from 'node:fs';

/** What of this machine decides whether kind can work, as far as it can be seen. */
export interface Surroundings {
  /** This process runs in a container; the engine may be outside of it or inside. */
  readonly container: boolean;
  /** The engine is reached by the network. */
  readonly remoteEngine: boolean;
  /** As images name it, e.g. `arm64`. */
  readonly cpu: string;
}

/** Files that the engines put into every container. */
const marks = ['/.dockerenv', '/run/.containerenv'];

/** Whether an address of an engine leads to another machine, or to another container. */
const isRemote = (address = ''): boolean => {
  if (!/^(tcp|ssh|https?):/.test(address) || !URL.canParse(address)) return false;
  return !/^(localhost|127\.[0-9.]+|\[::1\])$/.test(new URL(address).hostname);
};

/**
 * Looks where this process runs.
 * @param exists asks the file system
 */
export const surroundingsOf = (
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
  arch: string = process.arch,
): Surroundings => ({
  container: marks.some(exists) || Boolean(env['container']) || Boolean(env['KUBERNETES_SERVICE_HOST']),
  remoteEngine: isRemote(env['DOCKER_HOST']) || isRemote(env['CONTAINER_HOST']),
  cpu: arch === 'x64' ? 'amd64' : arch,
});
