import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configRoot, defaultConfig, readConfig } from '../../src/inputs/config-file.js';
import { UserError } from '../../src/model/errors.js';
import { rejection } from '../helpers/shown.js';

let directory = '';
let root = '';
/** A folder beside the work tree, as RUNNER_TEMP is. */
let outside = '';
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'scs-kaas-config-')));
  [root, outside] = [join(directory, 'workspace'), join(directory, 'temp')];
  await Promise.all([mkdir(join(root, '.github'), { recursive: true }), mkdir(outside)]);
});
afterEach(() => rm(directory, { recursive: true }));

const write = (text: string, path = join(root, defaultConfig)): Promise<void> => writeFile(path, text);
const problemOf = async (given: string | undefined): Promise<string> => {
  const error = await rejection(readConfig(given, { root }));
  expect(error).toBeInstanceOf(UserError);
  return error.message;
};

describe('in a run of our own', () => {
  test('the default place: found, or nothing', async () => {
    expect(await readConfig(undefined, { root })).toBeUndefined();
    await write('tier: active');
    expect(await readConfig(undefined, { root })).toEqual({ values: { tier: 'active' }, name: '.github/scs-kaas.yaml' });
  });

  test('a path, relative to the root or absolute, replaces it', async () => {
    await write('tier: active');
    await write('tier: heavy', join(root, 'night.yaml'));
    await write('tier: light', join(outside, 'other.yaml'));
    expect(await readConfig('night.yaml', { root })).toEqual({ values: { tier: 'heavy' }, name: 'night.yaml' });
    expect(await readConfig('./night.yaml', { root })).toMatchObject({ values: { tier: 'heavy' } });
    expect(await readConfig(join(outside, 'other.yaml'), { root })).toMatchObject({ values: { tier: 'light' } });
  });

  test.each([
    ['one line', 'tier: heavy', { tier: 'heavy' }],
    ['several lines', 'tier: heavy\nprobe:\n  nodes: 3', { tier: 'heavy', 'probe.nodes': '3' }],
    ['in braces', '{tier: heavy}', { tier: 'heavy' }],
    ['JSON', '{"tier":"heavy"}', { tier: 'heavy' }],
    ['a comment', '# nothing\n', {}],
  ])('YAML text: %s', async (_, text, values) => {
    await write('tier: active');
    expect(await readConfig(text, { root })).toEqual({ values, name: 'the config' });
  });

  test('what is wrong names the place, and everything at once', async () => {
    await write('teir: x\nprobe: y\n');
    expect(await problemOf(undefined)).toMatch(
      /^2 problems:\n- Cannot use \.github\/scs-kaas\.yaml: There is no key "teir"\..*\n- Cannot use \.github\/scs-kaas\.yaml: "probe" takes a mapping/,
    );
    expect(await problemOf('teir: x')).toMatch(/^Cannot use the config: There is no key "teir"\./);
  });

  test.each<[string, (path: string) => unknown, string]>([
    ['nothing', () => undefined, 'no such file'],
    ['a folder', (path) => mkdir(path), 'it is a directory'],
    ['a pipe that nobody writes into', (path) => execFileSync('mkfifo', [path]), 'it is a pipe that nobody writes into'],
    ['a link in a circle', (path) => symlink(path, path), 'its symbolic links lead in a circle'],
    ['a link to nothing', (path) => symlink(join(outside, 'nowhere'), path), 'no such file'],
    ['more than 1 MiB', (path) => write('', path).then(() => truncate(path, 1_048_577)), 'it is larger than 1048576 bytes'],
    ['bytes', (path) => writeFile(path, Buffer.from([0xff, 0xff, 0xc0, 0x80])), 'it is neither UTF-8 nor UTF-16 text'],
  ])('%s at a path', async (_, make, why) => {
    await make(join(root, 'there.yaml'));
    expect(await problemOf('there.yaml')).toBe(
      `Cannot read the config file there.yaml: ${why}${why.startsWith('it is neither') ? '; save it as UTF-8' : ''}. Give the path of a text file, or the YAML text itself.`,
    );
  });

  test.each<[string, (path: string) => unknown]>([
    ['a folder', (path) => mkdir(path)],
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a link to nothing', (path) => symlink(join(outside, 'nowhere'), path)],
  ])('%s in the default place is no missing file', async (_, make) => {
    await make(join(root, defaultConfig));
    expect(await problemOf(undefined)).toMatch(/^Cannot read the config file \.github\/scs-kaas\.yaml: /);
  });

  test('1 MiB is read', async () => {
    const text = 'tier: heavy\n';
    await write(`${text}#${' '.repeat(1_048_576 - text.length - 1)}`);
    expect(await readConfig(undefined, { root })).toMatchObject({ values: { tier: 'heavy' } });
  });

  test('a value that may be a secret is not repeated as a path', async () => {
    expect(await problemOf('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln')).not.toContain('eyJ');
  });

  test('the root is the workspace, or the current directory', () => {
    expect(configRoot({ GITHUB_WORKSPACE: '/w' }, '/c')).toBe('/w');
    expect(configRoot({ GITHUB_WORKSPACE: '' }, '/c')).toBe('/c');
    expect(configRoot({}, '/c')).toBe('/c');
  });
});

describe('in a run for a pull request of a fork', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  const base: Record<string, string> = {};
  const untrusted = (given: string | undefined) =>
    readConfig(given, {
      root,
      trusted: (path) => {
        asked.push(path);
        return Promise.resolve(base[path]);
      },
    });
  beforeEach(async () => {
    for (const path of Object.keys(base)) Reflect.deleteProperty(base, path);
    await write('fail-on: never');
    await write('fail-on: never', join(root, 'night.yaml'));
  });

  test('the default place is read from the base, whatever the head has there', async () => {
    base[defaultConfig] = 'fail-on: fail:any';
    expect(await untrusted(undefined)).toEqual({ values: { 'fail-on': 'fail:any' }, name: '.github/scs-kaas.yaml of the base' });
    await rm(join(root, defaultConfig));
    expect(await untrusted(undefined)).toMatchObject({ values: { 'fail-on': 'fail:any' } });
    expect(asked).toEqual([defaultConfig, defaultConfig]);
  });

  test('a file that the base lacks: nothing by default, an error if it was asked for', async () => {
    expect(await untrusted(undefined)).toBeUndefined();
    expect((await rejection(untrusted('night.yaml'))).message).toBe(
      'Cannot read the config file night.yaml: the base of the pull request has no such file. Add it there first.',
    );
    expect(asked).toEqual([defaultConfig, 'night.yaml']);
  });

  test('every way to a file of the work tree', async () => {
    base['night.yaml'] = 'tier: heavy';
    await symlink(root, join(outside, 'tree'));
    await symlink(join(root, 'night.yaml'), join(outside, 'link.yaml'));
    const ways = [
      'night.yaml',
      './night.yaml',
      '.github/../night.yaml',
      join(root, 'night.yaml'),
      join(outside, '..', 'workspace', 'night.yaml'),
      join(outside, 'tree', 'night.yaml'),
      join(outside, 'link.yaml'),
    ];
    for (const way of ways) expect(await untrusted(way)).toMatchObject({ values: { tier: 'heavy' } });
    expect(asked).toEqual(ways.map(() => 'night.yaml'));
  });

  test('a link of the work tree to a file outside is a file of the work tree', async () => {
    await write('fail-on: never', join(outside, 'x.yaml'));
    await symlink(join(outside, 'x.yaml'), join(root, 'x.yaml'));
    await rejection(untrusted('x.yaml'));
    await rm(join(root, defaultConfig));
    await symlink(join(outside, 'x.yaml'), join(root, defaultConfig));
    expect(await untrusted(undefined)).toBeUndefined();
    expect(asked).toEqual(['x.yaml', defaultConfig]);
  });

  test('a root that is a link', async () => {
    base['night.yaml'] = 'tier: heavy';
    await symlink(root, join(directory, 'w'));
    const trusted = (path: string) => {
      asked.push(path);
      return Promise.resolve(base[path]);
    };
    for (const way of ['night.yaml', join(root, 'night.yaml'), join(directory, 'w', 'night.yaml')])
      expect(await readConfig(way, { root: join(directory, 'w'), trusted })).toMatchObject({ values: { tier: 'heavy' } });
    expect(asked).toEqual(['night.yaml', 'night.yaml', 'night.yaml']);
  });

  test('a file that a step of the workflow wrote outside, and text in the workflow, need no base', async () => {
    await write('tier: heavy', join(outside, 'own.yaml'));
    await mkdir(join(directory, 'workspace-2'));
    await write('tier: heavy', join(directory, 'workspace-2', 'own.yaml'));
    for (const given of [join(outside, 'own.yaml'), '../temp/own.yaml', '../workspace-2/own.yaml', 'tier: heavy'])
      expect(await untrusted(given)).toMatchObject({ values: { tier: 'heavy' } });
    expect(asked).toEqual([]);
  });

  test('what the base has is bound by the same rules', async () => {
    base[defaultConfig] = 'teir: heavy';
    expect((await rejection(untrusted(undefined))).message).toMatch(
      /^Cannot use \.github\/scs-kaas\.yaml of the base: There is no key "teir"\./,
    );
  });

  test('a base that cannot be read ends the run', async () => {
    const trusted = () => Promise.reject(new UserError(['The base cannot be read.']));
    await expect(readConfig(undefined, { root, trusted })).rejects.toThrow('The base cannot be read.');
  });
});
