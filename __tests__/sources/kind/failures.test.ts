import { describe, expect, test } from '@jest/globals';
import { explainKind, isTaken, unreachableHint } from '../../../src/sources/kind/failures.js';
import type { Ended } from '../../../src/system/run-program.js';

const here = { container: false, remoteEngine: false, cpu: 'arm64' };
const failed = (...tail: string[]): Ended => ({ how: 'exit', code: 1, stdout: '', tail });

describe('what to do about a failure of kind', () => {
  test.each([
    [
      'no Docker at all',
      'ERROR: failed to create cluster: failed to get docker info: command "docker info" failed with error: exec: "docker": executable file not found in $PATH',
      'kind needs a container engine',
    ],
    [
      'an engine that does not run',
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'kind needs a container engine',
    ],
    [
      'a newer client without engine',
      'failed to connect to the docker API at unix:///var/run/docker.sock',
      'kind needs a container engine',
    ],
    [
      'an engine of others',
      'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
      'the engine refuses this user',
    ],
    ['inotify used up', 'kubelet: inotify_init: too many open files', 'fs.inotify.max_user_instances'],
    [
      'rootless without cgroup v2',
      'ERROR: failed to create cluster: running kind with rootless provider requires cgroup v2, see x',
      'want cgroup v2',
    ],
    [
      'a node that does not start',
      'ERROR: failed to create cluster: could not find a log line that matches "Reached target .*Multi-User System.*|detected cgroup v1"',
      'did not get through its start',
    ],
    ['a full disk', 'write /var/lib: no space left on device', 'is full'],
    ['an image that is not there', 'ERROR: failed to create cluster: failed to pull image "x:v1"', 'The node image cannot be pulled'],
    [
      'an image without this processor',
      'Command Output: Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries',
      'built for the processor of the engine (here arm64;',
    ],
    [
      'the same of containerd',
      'ERROR: failed to pull image "x": no match for platform in manifest: not found',
      'built for the processor of the engine (here arm64;',
    ],
    [
      'the same of Podman',
      'Error: choosing an image from manifest list docker://x: no image found in image index for architecture "arm64", variant "v8", OS linux',
      'built for the processor of the engine (here arm64;',
    ],
    ['an image of another processor', 'exec /usr/local/bin/entrypoint: exec format error', 'built for the processor of the engine'],
    [
      'an image of another processor, as the engine warns',
      "WARNING: The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8)",
      'built for the processor of the engine',
    ],
    [
      'a map where kubeadm wants a list',
      'json: cannot unmarshal object into Go struct field APIServer.apiServer.extraArgs of type []v1beta4.Arg',
      '"extraArgs" is a list of name and value',
    ],
    [
      'the same for the kubelet',
      'error unmarshaling configuration schema.GroupVersionKind{Group:"kubeadm.k8s.io", Version:"v1beta4", Kind:"InitConfiguration"}: json: cannot unmarshal object into Go struct field NodeRegistrationOptions.nodeRegistration.kubeletExtraArgs of type []v1beta4.Arg',
      '"extraArgs" is a list of name and value',
    ],
    [
      'a list where kubeadm wants a map',
      'json: cannot unmarshal array into Go struct field APIServer.apiServer.extraArgs of type map[string]string',
      'with v1beta3 it is a map',
    ],
    [
      'a version that kubeadm does not take any more',
      'your configuration file uses an old API spec: "kubeadm.k8s.io/v1beta2" (kind: "ClusterConfiguration").',
      'kubeadm cannot read its configuration',
    ],
    ['a port in use', 'Bind for 0.0.0.0:80 failed: port is already allocated', 'A port that the kind configuration asks for is taken'],
    ['an unknown field', 'ERROR: failed to create cluster: unable to decode config: yaml: field x not found', 'mend "kind-config"'],
  ])('%s', (_, line, hint) => {
    expect(explainKind(failed(line), 1, here)).toContain(hint);
  });
  test('an old cgroup version, of which kind warns in each run, is not blamed for everything', () => {
    const text = explainKind(
      failed(
        'WARNING: cgroup v1 is deprecated in Kubernetes and will not be supported in a future kind release',
        'ERROR: failed to create cluster: something else',
      ),
      1,
      here,
    );
    expect(text).toBe('kind ended with exit code 1: failed to create cluster: something else.');
  });
  test('a deprecated version, of which kubeadm warns in each run, is not blamed for everything', () => {
    const warning = 'W0322 common.go:101] your configuration file uses a deprecated API spec: "kubeadm.k8s.io/v1beta3"';
    expect(explainKind(failed(warning, 'ERROR: failed to create cluster: something else'), 1, here)).not.toContain('kubeadm cannot');
  });
  test('in a container the engine has to be in it, too; elsewhere nobody speaks of containers', () => {
    const line =
      'ERROR: failed to list clusters: command "docker ps" failed with error: exec: "docker": executable file not found in $PATH';
    expect(explainKind(failed(line), 1, { ...here, container: true })).toMatch(
      /This step runs in a container: .*docker\.sock.*"container:"/,
    );
    expect(explainKind(failed(line), 1, here)).not.toContain('runs in a container');
    expect(explainKind(failed('port is already allocated'), 1, { ...here, container: true })).not.toContain('runs in a container');
  });
  test('the error is told, not the command output behind it', () => {
    expect(explainKind(failed('Creating cluster', 'ERROR: failed to create cluster: x', 'Stack Trace:', 'a.go:1'), 1, here)).toContain(
      'exit code 1: failed to create cluster: x.',
    );
  });
  test.each<[Ended, string]>([
    [{ how: 'timeout', stdout: '', tail: [] }, 'it took longer than 90 s; give it more time'],
    [{ how: 'stopped', stdout: '', tail: ['x'] }, 'it was cancelled.'],
    [{ how: 'not-started', stdout: '', tail: ['spawn /x EACCES'] }, 'kind could not be started: spawn /x EACCES.'],
    [{ how: 'exit', stdout: '', tail: [] }, 'kind ended with a signal.'],
  ])('%j', (ended, text) => {
    expect(explainKind(ended, 90_000, here)).toContain(text);
  });
});

test('a name that is in use is told from other failures', () => {
  expect(isTaken(failed('ERROR: failed to create cluster: node(s) already exist for a cluster with the name "x"'))).toBe(true);
  expect(isTaken(failed('ERROR: failed to create cluster: x'))).toBe(false);
});

describe('an API server that cannot be reached', () => {
  const reason = 'connect ECONNREFUSED 127.0.0.1:41234';
  test.each([
    [
      'in a container',
      { ...here, container: true },
      /runs in a container.*"container:".*kind get kubeconfig --internal.*cluster: kubeconfig/,
    ],
    ['with an engine elsewhere', { ...here, remoteEngine: true }, /engine is on another machine .*DOCKER_HOST/],
    ['both', { ...here, container: true, remoteEngine: true }, /engine is on another machine/],
  ])('%s', (_, surroundings, text) => {
    expect(unreachableHint(reason, surroundings)).toMatch(text);
  });
  test('nothing explains it, or the API server answers: nothing is claimed', () => {
    expect(unreachableHint(reason, here)).toBeUndefined();
    expect(unreachableHint('The API server shows another certificate.', { ...here, container: true })).toBeUndefined();
  });
});
