import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { check } from '../../src/run/check.js';
import { UserError } from '../../src/model/errors.js';
import { rejection } from '../helpers/shown.js';
import { parseSettings } from '../helpers/settings.js';
import { testRuntime, type TestRuntime } from '../helpers/runtime.js';

let used: TestRuntime;
const folder = mkdtempSync(join(tmpdir(), 'scs-kaas-pull-secret-'));
const file = join(folder, 'config.json');
afterEach(() => used.remove());
afterAll(() => rmSync(folder, { recursive: true }));

/** A run whose kubeconfig is not there: what is wrong with the pull secret comes first. */
const failing = async (from: string, env: Readonly<Record<string, string>> = {}): Promise<Error> => {
  used = await testRuntime({ env });
  return rejection(check(parseSettings({ tier: 'active', kubeconfig: '/nowhere/kubeconfig', 'probe.pullSecretFrom': from }), used.runtime));
};

const text = '{\n  "auths": {\n    "a.example": {\n      "auth": "cm9ib3Q6cGFzcw=="\n    }\n  }\n}\n';
const encoded = Buffer.from(text).toString('base64');
const secrets = (): readonly string[] => [...used.secrets].sort();

describe('of a variable', () => {
  test('its text is read, its logins are registered, and the run goes on to the cluster', async () => {
    expect((await failing('env:PULL_SECRET', { PULL_SECRET: text })).message).toContain('/nowhere/kubeconfig');
    expect(secrets()).toEqual(['cm9ib3Q6cGFzcw==', 'pass'].sort());
  });

  test('in base64 it is read, and no line of it is masked that is no secret', async () => {
    expect((await failing('env:PULL_SECRET', { PULL_SECRET: encoded })).message).toContain('/nowhere/kubeconfig');
    expect(secrets()).toEqual(['cm9ib3Q6cGFzcw==', encoded, 'pass'].sort());
  });

  test('one that lost a character: the error holds nothing of it, and it is hidden', async () => {
    const broken = `${encoded.slice(0, 20)}!${encoded.slice(21)}`;
    const { message } = await failing('env:PULL_SECRET', { PULL_SECRET: broken });
    expect(message).toMatch(/^"probe\.pullSecretFrom" is no Docker configuration: it is not JSON\. Give env:NAME or the path/);
    expect(message).not.toContain(broken.slice(0, 8));
    expect(used.secrets).toContain('cm9ib3Q6cGFzcw==');
  });

  test.each([{}, { PULL_SECRET: '' }, { PULL_SECRET: ' \n' }])('that is not set, or empty: %j', async (env) => {
    const error = await failing('env:PULL_SECRET', env);
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(
      /^Option "--set probe\.pullSecretFrom" names a variable that is not set; set it, in a workflow in the "env" of the step/,
    );
  });
});

test.each([
  ['as it is', text],
  ['in base64', encoded],
])('a setting that holds the secret itself, %s: it is refused, hidden and shown nowhere', async (_, given) => {
  const { message } = await failing(given);
  expect(message).toContain('holds the secret itself, which others can read');
  expect(message).not.toContain('cm9ib3Q6');
  expect(message).not.toContain(encoded.slice(0, 8));
  expect(used.secrets).toContain('cm9ib3Q6cGFzcw==');
});

test('a secret that lost a character is not shown as a path that is not there', async () => {
  const broken = `${encoded.slice(0, 20)}!${encoded.slice(21)}`;
  const error = await failing(broken);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(/ holds neither a Docker configuration.* nor the path of a file with one \(no such file\)/);
  expect(error.message).not.toContain(broken.slice(0, 8));
  expect(used.secrets).toContain(broken);
});

test('a directory', async () => {
  expect((await failing(folder)).message).toContain('(it is a directory)');
});

test('a file that is none: the error holds nothing of it', async () => {
  await writeFile(file, `auths: ${encoded}!`);
  const { message } = await failing(file);
  expect(message).toContain('is no Docker configuration: it is not JSON');
  expect(message).not.toContain(encoded.slice(0, 8));
});

test('a file that is one is read, its logins are registered, and the run goes on to the cluster', async () => {
  await writeFile(file, text);
  expect((await failing(file)).message).toContain('/nowhere/kubeconfig');
  expect(used.secrets).toContain('cm9ib3Q6cGFzcw==');
});
