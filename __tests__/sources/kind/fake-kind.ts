import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that takes kind's commands and keeps its clusters as files; what it does amiss is told by the file `mode`. */
const program = String.raw`
home=$(dirname "$0"); mode=$(cat "$home/mode"); name=; config=; kubeconfig=; previous=
{ printf '%s|' "$KUBECONFIG$GITHUB_TOKEN$INPUT_KUBECONFIG" "$@"; echo; } >>"$home/calls"
for word; do
  case $previous in --name) name=$word ;; --config) config=$word ;; --kubeconfig) kubeconfig=$word ;; esac
  previous=$word
done
mine=$home/clusters/$name
die() { printf '%s\n' "$@" >&2; exit 1; }
case "$1 $2" in
'version ')
  case $mode in mute) die 'what?' ;; 'version '*) echo "kind v${'$'}{mode#version } go1.26.8 linux/amd64" ;; *) echo 'kind v0.33.0 go1.26.8 linux/amd64' ;; esac ;;
'get clusters')
  [ "$mode" != no-engine ] || die 'ERROR: failed to list clusters: command "docker ps -a" failed with error: exit status 1' 'Command Output: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
  ls "$home/clusters" ;;
'get nodes') [ ! -e "$mine" ] || echo "$name-control-plane" ;;
'create cluster')
  [ "$mode" != taken ] || die "ERROR: failed to create cluster: node(s) already exist for a cluster with the name \"$name\""
  : >"$mine"; cp "$config" "$home/config"
  printf 'Creating cluster "x" ...\n \033[32m\342\234\223\033[0m Preparing nodes\n::error::not a command\n ##[group]neither\n' >&2
  [ "$mode" != fail ] || die 'ERROR: failed to create cluster: could not find a log line that matches "Reached target"' 'Stack Trace:'
  [ "$mode" != no-registry ] || die 'ERROR: failed to create cluster: failed to pull image "x:v1": command "docker pull x:v1" failed with error: exit status 1' 'Command Output: Error response from daemon: dial tcp 127.0.0.1:9: connect: connection refused'
  case $mode in hang | deaf)
    [ "$mode" = hang ] || trap '' TERM
    sleep 300 & echo $! >"$home/grandchild.new"; mv "$home/grandchild.new" "$home/grandchild"
    while :; do wait; sleep 1; done ;;
  esac
  (umask 022; if [ -e "$home/kubeconfig" ]; then cat "$home/kubeconfig"; else echo 'kind: Config'; fi >"$kubeconfig"); printf 'Set kubectl context to "kind-x"\nHave a nice day!\n' >&2 ;;
'export logs') [ "$mode" != no-logs ] && echo v >"$3/kind-version.txt" ;;
'delete cluster')
  [ "$mode" != delete-fails ] || die 'ERROR: failed to delete cluster: failed to delete nodes'
  if [ -e "$home/late" ]; then rm "$home/late"; else rm -f "$mine"; fi
  echo 'Deleted nodes' >&2 ;;
*) die "unknown command $*" ;;
esac
`;

export interface FakeKind {
  /** To stand on the PATH. */
  readonly bin: string;
  readonly path: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mode: (mode: string) => void;
  /** What it was called with, and what it was told of the run's secrets and the user's kubeconfig. */
  readonly calls: () => readonly { readonly args: readonly string[]; readonly secrets: string }[];
  readonly clusters: () => readonly string[];
  readonly addCluster: (name: string) => void;
  /** The next deletion will miss a container, as one that an engine starts late. */
  readonly late: () => void;
  readonly file: (name: string) => string | undefined;
  /** What the next cluster's kubeconfig holds. */
  readonly kubeconfig: (text: string) => void;
  readonly remove: () => void;
}

/** Makes a fake kind in a directory of its own, with a directory for a run beside it. */
export const fakeKind = (): FakeKind => {
  const root = mkdtempSync(join(tmpdir(), 'fake-kind-'));
  const [bin, directory] = [join(root, 'bin'), join(root, 'run')];
  for (const made of [bin, directory, join(bin, 'clusters')]) mkdirSync(made);
  const path = join(bin, 'kind');
  writeFileSync(path, `#!/bin/sh\n${program}`);
  chmodSync(path, 0o755);
  const file = (name: string): string | undefined => (existsSync(join(bin, name)) ? readFileSync(join(bin, name), 'utf8') : undefined);
  const mode = (text: string): void => writeFileSync(join(bin, 'mode'), text);
  mode('ok');
  return {
    bin,
    path,
    directory,
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: root,
      RUNNER_TEMP: root,
      GITHUB_RUN_ID: '123',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_TOKEN: 'ghs_x',
      INPUT_KUBECONFIG: 'x',
      KUBECONFIG: '/own/config',
    },
    mode,
    calls: () =>
      (file('calls') ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [secrets = '', ...args] = line.split('|').slice(0, -1);
          return { secrets, args };
        }),
    clusters: () => readdirSync(join(bin, 'clusters')),
    addCluster: (name) => writeFileSync(join(bin, 'clusters', name), ''),
    late: () => writeFileSync(join(bin, 'late'), ''),
    file,
    kubeconfig: (text) => writeFileSync(join(bin, 'kubeconfig'), text),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};
