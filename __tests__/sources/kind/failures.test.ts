import { describe, expect, test } from '@jest/globals';
import { explain, isTaken } from '../../../src/sources/kind/failures.js';
import type { Ended } from '../../../src/programs/process.js';

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
    ['a port in use', 'Bind for 0.0.0.0:80 failed: port is already allocated', 'A port that the kind configuration asks for is taken'],
    ['an unknown field', 'ERROR: failed to create cluster: unable to decode config: yaml: field x not found', 'mend "kind-config"'],
  ])('%s', (_, line, hint) => {
    expect(explain(failed(line), 1)).toContain(hint);
  });
  test('an old cgroup version, of which kind warns in each run, is not blamed for everything', () => {
    const text = explain(
      failed(
        'WARNING: cgroup v1 is deprecated in Kubernetes and will not be supported in a future kind release',
        'ERROR: failed to create cluster: something else',
      ),
      1,
    );
    expect(text).toBe('kind ended with exit code 1: failed to create cluster: something else.');
  });
  test('the error is told, not the command output behind it', () => {
    expect(explain(failed('Creating cluster', 'ERROR: failed to create cluster: x', 'Stack Trace:', 'a.go:1'), 1)).toContain(
      'exit code 1: failed to create cluster: x.',
    );
  });
  test.each<[Ended, string]>([
    [{ how: 'timeout', stdout: '', tail: [] }, 'it took longer than 90 s; give it more time'],
    [{ how: 'stopped', stdout: '', tail: ['x'] }, 'it was cancelled.'],
    [{ how: 'not-started', stdout: '', tail: ['spawn /x EACCES'] }, 'kind could not be started: spawn /x EACCES.'],
    [{ how: 'exit', stdout: '', tail: [] }, 'kind ended with a signal.'],
  ])('%j', (ended, text) => {
    expect(explain(ended, 90_000)).toContain(text);
  });
});

test('a name that is in use is told from other failures', () => {
  expect(isTaken(failed('ERROR: failed to create cluster: node(s) already exist for a cluster with the name "x"'))).toBe(true);
  expect(isTaken(failed('ERROR: failed to create cluster: x'))).toBe(false);
});
