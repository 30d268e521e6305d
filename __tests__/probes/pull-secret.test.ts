import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { check } from '../../src/run/check.js';
import { UserError } from '../../src/model/errors.js';
import { rejection } from '../helpers/shown.js';
import { parseSettings } from '../helpers/settings.js';
import { testRuntime, type TestRuntime } from '../helpers/runtime.js';

let used: TestRuntime;
beforeEach(async () => {
  used = await testRuntime();
});
afterEach(() => used.remove());

/** A run whose kubeconfig is not there: what is wrong with the pull secret comes first. */
const failing = (pullSecretFrom: string, env: Readonly<Record<string, string>> = {}): Promise<Error> =>
  rejection(
    check(parseSettings({ tier: 'active', kubeconfig: '/nowhere/kubeconfig', 'probe.pullSecretFrom': pullSecretFrom }, 'action'), {
      ...used.runtime,
      env: { ...used.runtime.env, ...env },
    }),
  );
const name = 'Option "--set probe.pullSecretFrom"';

const text = '{\n  "auths": {\n    "a.example": {\n      "auth": "cm9ib3Q6cGFzcw=="\n    }\n  }\n}\n';
const encoded = Buffer.from('{"auths":{"a.example":{"auth":"cm9ib3Q6cGFzcw=="}}}').toString('base64');

test('a variable: as JSON and in base64; no line of it is masked that is no secret', async () => {
  expect((await failing('env:PULL_SECRET', { PULL_SECRET: text })).message).toContain('/nowhere/kubeconfig');
  expect([...used.secrets].sort()).toEqual(['cm9ib3Q6cGFzcw==', 'pass']);
  const given = Buffer.from(text).toString('base64');
  expect((await failing('env:PULL_SECRET', { PULL_SECRET: given })).message).toContain('/nowhere/kubeconfig');
  expect([...new Set(used.secrets)].sort()).toEqual(['cm9ib3Q6cGFzcw==', given, 'pass'].sort());
});

test.each([['env:PULL_SECRET'], ['env:'], ['env:constructor'], ['env:__proto__']])('%s, which is not set', async (given) => {
  for (const env of [{}, { PULL_SECRET: ' ' }] as const) {
    const error = await failing(given, env);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toBe(`${name} names a variable that is not set; set it in the "env" of the step, from a secret.`);
  }
});

test('a variable that holds no Docker configuration: nothing of it is repeated', async () => {
  for (const value of [`${encoded.slice(0, 20)}!${encoded.slice(21)}`, 'hunter2-and-more', '{"auths": 1}']) {
    const { message } = await failing('env:PULL_SECRET', { PULL_SECRET: value });
    expect(message).not.toContain('/nowhere');
    expect(message).not.toContain(value.slice(0, 8));
  }
});

test.each([
  ['as JSON', text],
  ['in one line', '{"auths":{"a.example":{"auth":"cm9ib3Q6cGFzcw=="}}}'],
  ['in base64', encoded],
])('the secret itself, %s, is refused and not repeated', async (_, given) => {
  const error = await failing(given);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toBe(
    `${name} holds the secret itself, which others can read; give env:NAME, or the path of a file. Replace the secret.`,
  );
  expect(used.secrets).toEqual(expect.arrayContaining(['cm9ib3Q6cGFzcw==']));
});

test('a secret that lost a character is not shown as a path that is not there', async () => {
  const broken = `${encoded.slice(0, 20)}!${encoded.slice(21)}`;
  const error = await failing(broken);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(
    /^Option "--set probe\.pullSecretFrom" holds neither a Docker configuration.* nor the path of a file with one \(no such file\)/,
  );
  expect(error.message).not.toContain(broken.slice(0, 8));
  expect(used.secrets).toContain(broken);
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
