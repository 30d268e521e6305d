import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseInputs } from '../../src/inputs/parse.js';
import { check } from '../../src/run/check.js';
import { UserError } from '../../src/model/errors.js';
import { rejection } from '../helpers/shown.js';
import { testRuntime, type TestRuntime } from '../helpers/runtime.js';

let used: TestRuntime;
beforeEach(async () => {
  used = await testRuntime();
});
afterEach(() => used.remove());

/** A run whose kubeconfig is not there: what is wrong with the pull secret comes first. */
const failing = (pullSecret: string): Promise<Error> =>
  rejection(
    check(parseInputs({ tier: 'active', kubeconfig: '/nowhere/kubeconfig', 'probe-pull-secret': pullSecret }, [], 'action'), used.runtime),
  );

const encoded = Buffer.from('{"auths":{"a.example":{"auth":"cm9ib3Q6cGFzcw=="}}}').toString('base64');

test('a secret that lost a character is not shown as a path that is not there', async () => {
  const broken = `${encoded.slice(0, 20)}!${encoded.slice(21)}`;
  const error = await failing(broken);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(
    /^Input "probe.pullSecretFrom" holds neither a Docker configuration.* nor the path of a file with one \(no such file\)/,
  );
  expect(used.secrets).toContain(broken);
});

test('a secret in base64 is read, and no line of it is masked that is no secret', async () => {
  const text = '{\n  "auths": {\n    "a.example": {\n      "auth": "cm9ib3Q6cGFzcw=="\n    }\n  }\n}\n';
  const given = Buffer.from(text).toString('base64');
  expect((await failing(given)).message).toContain('/nowhere/kubeconfig');
  expect([...used.secrets].sort()).toEqual(['cm9ib3Q6cGFzcw==', given, 'pass'].sort());
});

test('a directory', async () => {
  const directory = join(used.directory, 'docker');
  await mkdir(directory);
  expect((await failing(directory)).message).toContain('(it is a directory)');
});

test('a file that is none: the error holds nothing of it', async () => {
  const file = join(used.directory, 'config.json');
  await writeFile(file, `auths: ${encoded}!`);
  const { message } = await failing(file);
  expect(message).toContain('is no Docker configuration: it is not JSON');
  expect(message).not.toContain(encoded.slice(0, 8));
});

test('a file that is one is read, its logins are registered, and the run goes on to the cluster', async () => {
  const file = join(used.directory, 'config.json');
  await writeFile(file, Buffer.from(encoded, 'base64'));
  expect((await failing(file)).message).toContain('/nowhere/kubeconfig');
  expect(used.secrets).toContain('cm9ib3Q6cGFzcw==');
});
