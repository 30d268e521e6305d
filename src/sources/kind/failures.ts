import type { Ended } from '../../system/run-program.js';
import type { Surroundings } from './surroundings.js';

const engine = 'kind needs a container engine: start Docker, Podman or nerdctl, and see that this user may use it.';

const engineIn = ({ container }: Surroundings): string =>
  container
    ? `${engine} This step runs in a container: the client of the engine and its socket (/var/run/docker.sock) must be in it. Remove "container:" from the job if that cannot be.`
    : engine;

const processor = ({ cpu }: Surroundings): string =>
  `the node image must be built for the processor of the engine (here ${cpu}; kind publishes amd64 and arm64). Set "kind.image" to such an image`;

interface Known {
  readonly when: RegExp;
  readonly then: string | ((here: Surroundings) => string);
}

/** What kind, kubeadm and the engines print when something outside of kind is amiss, and what to do about it; the first one that fits is told. */
const known: readonly Known[] = [
  {
    when: /permission denied while trying to connect|dial unix [^ ]+: connect: permission denied/i,
    then: `${engine} Here the engine refuses this user: add it to the group docker.`,
  },
  {
    when: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|exec: "(docker|podman|nerdctl|finch)"|failed to (list (clusters|nodes)|get docker info)|could not (find|detect) .*provider|cannot connect to podman/i,
    then: engineIn,
  },
  {
    when: /too many open files|inotify/i,
    then: 'The machine runs out of inotify watches: raise fs.inotify.max_user_instances to 1024 and fs.inotify.max_user_watches to 524288 with sysctl (https://kind.sigs.k8s.io/docs/user/known-issues/#pod-errors-due-to-too-many-open-files).',
  },
  {
    // kind warns of version 1 in every run where the machine has it: that alone is no failure.
    when: /requires cgroup v2|failed to .{0,80}cgroup|cgroup.{0,40}(not (found|mounted|supported|delegated)|no longer supported)|requires setting systemd property/i,
    then: 'This looks like the control groups of the machine: Kubernetes 1.35 and later want cgroup v2, and rootless engines want it delegated (https://kind.sigs.k8s.io/docs/user/rootless/).',
  },
  {
    // kubeadm warns of a deprecated version in every run that has one: that alone is no failure.
    when: /cannot unmarshal \w+ into Go struct field .{0,200}?extraargs|of type \[\]v1beta\d\.Arg|uses an old API spec|no kind "(Cluster|Init|Join)Configuration" is registered/i,
    then: 'kubeadm cannot read its configuration: a patch in "kubeadmConfigPatches" is written for another version of kubeadm.k8s.io, or the node image belongs to another release of kind. With v1beta4 (in kind: Kubernetes 1.36 and later, since kind 0.32) "extraArgs" is a list of name and value, with v1beta3 it is a map.',
  },
  {
    when: /exec format error|no match(ing manifest)? for (linux\/|platform)|no image found in (image index|manifest list) for architecture|image's platform \([^)]*\) does not match/i,
    then: (here) => `This looks like another processor: ${processor(here)}.`,
  },
  {
    when: /could not find a log line that matches/i,
    then: (here) =>
      `A node did not get through its start: look at fs.inotify.max_user_instances (1024 is enough), at cgroup v2, and at the logs of the nodes; ${processor(here)} if it is not.`,
  },
  {
    when: /no space left on device/i,
    then: 'The disk of the container engine is full: free some space, a node image takes about 1 GB.',
  },
  {
    when: /failed to pull image|manifest unknown|pull access denied/i,
    then: 'The node image cannot be pulled: see that it exists and that the engine reaches its registry, or load it first and name it with "kind.image".',
  },
  {
    when: /port is already allocated|address already in use/i,
    then: 'A port that the kind configuration asks for is taken: free it or choose another.',
  },
  {
    when: /unable to decode config|unknown apiVersion|could not determine kind|invalid configuration/i,
    then: 'See the fields at https://kind.sigs.k8s.io/docs/user/configuration/ and mend "kind-config".',
  },
];

/**
 * What to do if the API server of a cluster that kind made cannot be reached.
 * @param reason of the connection
 * @returns undefined where nothing of this machine explains it
 */
export const unreachableHint = (reason: string, { container, remoteEngine }: Surroundings): string | undefined => {
  if (!/ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|refused|no answer|time-?out/i.test(reason)) return undefined;
  const ownCluster =
    'make the cluster in an earlier step, write its kubeconfig with `kind get kubeconfig --internal`, connect this container to the network "kind", and set `cluster: kubeconfig`';
  if (remoteEngine)
    return `The container engine is on another machine or in another container (DOCKER_HOST), and kind opens the API server on the loopback address there. Run this step where the engine runs; or ${ownCluster}.`;
  if (container)
    return `This step runs in a container, and kind opens the API server on the loopback address of the machine outside. Remove "container:" from the job; or ${ownCluster}.`;
  return undefined;
};

/** Whether kind found a cluster of that name which is not ours. */
export const isTaken = (ended: Ended): boolean =>
  ended.tail.some((line) => /node\(s\) already exist for a cluster with the name/.test(line));

/** kind's own words about what went wrong, one line: its error where it printed one, else the last line. */
const kindOutput = (ended: Ended): string => {
  const said = ended.tail.filter((line) => line.startsWith('ERROR:')).at(-1) ?? ended.tail.at(-1) ?? '';
  return said.replace(/^ERROR:\s*/, '');
};

/**
 * Why kind did not do what it was asked to, and what to do: for an error text.
 * @param ended of a run that did not succeed
 */
export const explainKind = (ended: Ended, timeoutMs: number, here: Surroundings): string => {
  const said = kindOutput(ended);
  const all = ended.tail.join('\n');
  const fits = known.find(({ when }) => when.test(all));
  const hint = fits === undefined ? '' : ` ${typeof fits.then === 'string' ? fits.then : fits.then(here)}`;
  const words = said === '' ? '' : `: ${said}`;
  switch (ended.how) {
    case 'timeout':
      return `it took longer than ${Math.round(timeoutMs / 1000)} s${said === '' ? '' : `, last "${said}"`}; give it more time with "timeout", or a faster machine.${hint}`;
    case 'stopped':
      return 'it was cancelled.';
    case 'too-much-output':
      return `kind printed more than is read${words}.`;
    case 'not-started':
      return `kind could not be started${words}.`;
    case 'exit':
      return `kind ended with ${ended.code === undefined ? 'a signal' : `exit code ${ended.code}`}${words}.${hint}`;
  }
};
