import { expect, test } from '@jest/globals';
import { surroundingsOf } from '../../../src/sources/kind/surroundings.js';

const nowhere = (): boolean => false;

test.each<[string, Record<string, string>, (path: string) => boolean, boolean]>([
  ['a machine', {}, nowhere, false],
  ['Docker', {}, (path) => path === '/.dockerenv', true],
  ['Podman', {}, (path) => path === '/run/.containerenv', true],
  ['a variable of the engine', { container: 'podman' }, nowhere, true],
  ['a pod', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, nowhere, true],
])('%s', (_, env, exists, container) => {
  expect(surroundingsOf(env, exists, 'x64')).toEqual({ container, remoteEngine: false, cpu: 'amd64' });
});

test.each([
  [undefined, false],
  ['', false],
  ['unix:///var/run/docker.sock', false],
  ['tcp://127.0.0.1:2375', false],
  ['tcp://localhost:2376', false],
  ['tcp://[::1]:2375', false],
  ['npipe:////./pipe/docker_engine', false],
  ['tcp://docker:2375', true],
  ['tcp://10.0.0.5:2376', true],
  ['ssh://me@build.example', true],
  ['ssh://localhost@build.example', true],
  ['tcp://localhost.example:2375', true],
])('an engine at %s', (address, remote) => {
  expect(surroundingsOf({ DOCKER_HOST: address }, nowhere, 'arm64')).toEqual({ container: false, remoteEngine: remote, cpu: 'arm64' });
  expect(surroundingsOf({ CONTAINER_HOST: address }, nowhere).remoteEngine).toBe(remote);
});
