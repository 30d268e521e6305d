import type { Ended } from '../../programs/process.js';

const engine = 'kind needs a container engine: start Docker, Podman or nerdctl, and see that this user may use it.';

/** What kind and the engines print when something outside of kind is amiss, and what to do about it. */
const known: readonly { readonly when: RegExp; readonly then: string }[] = [
  {
    when: /permission denied while trying to connect|dial unix [^ ]+: connect: permission denied/i,
    then: `${engine} Here the engine refuses this user: add it to the group docker.`,
  },
  {
    when: /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|exec: "(docker|podman|nerdctl|finch)"|failed to (list (clusters|nodes)|get docker info)|could not (find|detect) .*provider|cannot connect to podman/i,
    then: engine,
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
    when: /could not find a log line that matches/i,
    then: 'A node did not get through its start: look at fs.inotify.max_user_instances (1024 is enough), at cgroup v2, and at the logs of the nodes.',
  },
  { when: /no space left on device/i, then: 'The disk of the container engine is full: free some space, a node image takes about 1 GB.' },
  {
    when: /failed to pull image|manifest unknown|pull access denied|no matching manifest/i,
    then: 'The node image cannot be pulled: see that it exists and that the engine reaches its registry, or load it first and name it with "kind-image".',
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

/** Whether kind found a cluster of that name which is not ours. */
export const isTaken = (ended: Ended): boolean =>
  ended.tail.some((line) => /node\(s\) already exist for a cluster with the name/.test(line));

/** kind's own words about what went wrong, one line: its error where it printed one, else the last line. */
const saidBy = (ended: Ended): string => {
  const said = ended.tail.filter((line) => line.startsWith('ERROR:')).at(-1) ?? ended.tail.at(-1) ?? '';
  return said.replace(/^ERROR:\s*/, '');
};

/**
 * Why kind did not do what it was asked to, and what to do: for an error text.
 * @param ended of a run that did not succeed
 */
export const explain = (ended: Ended, timeoutMs: number): string => {
  const said = saidBy(ended);
  const all = ended.tail.join('\n');
  const hints = known.filter(({ when }) => when.test(all)).map(({ then }) => then);
  const hint = hints[0] === undefined ? '' : ` ${hints[0]}`;
  const words = said === '' ? '' : `: ${said}`;
  switch (ended.how) {
    case 'timeout':
      return `it took longer than ${Math.round(timeoutMs / 1000)} s${said === '' ? '' : `, last "${said}"`}; give it more time with "timeout", or a faster machine.${hint}`;
    case 'stopped':
      return 'it was cancelled.';
    case 'not-started':
      return `kind could not be started${words}.`;
    case 'exit':
      return `kind ended with ${ended.code === undefined ? 'a signal' : `exit code ${ended.code}`}${words}.${hint}`;
  }
};
