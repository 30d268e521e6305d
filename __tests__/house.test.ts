import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { inputSpecs } from '../src/inputs/list.js';
import * as z from 'zod/mini';
import { factsToCollect, buildReport } from '../src/evaluation/build-report.js';
import { defineFact } from '../src/model/fact.js';
import { fail, pass } from '../src/model/outcome.js';
import { read, type Standard } from '../src/model/requirement.js';
import { permissionsOf, formatManifest } from '../src/standards/permissions.js';
import { explainRequirement, listStandards, standardPage } from '../src/reporters/catalogue.js';
import { deliveryOf } from './helpers/delivered.js';
import { standards } from '../src/standards/index.js';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));

/** What a file imports of ours at run time; types vanish. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)\.js'/gms)].map(
    (m) => `${relative(src, resolve(src, dirname(file), m[1]!))}.ts`,
  );

/** Everything that is loaded with a file; what a dynamic import names is loaded later, or never. */
const loadedWith = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const next of importsOf(file)) loadedWith(next, seen);
  return seen;
};

test.each([
  ['help and version', 'cli/main.ts', /^(?:facts|standards|sources|kubernetes|certificate-scope|probes|conformance|compliance-monitor)\//],
  ['list and explain', 'cli/catalogue.ts', /^(?:sources|certificate-scope|probes|conformance|compliance-monitor)\//],
  [
    'a light check of a kubeconfig',
    'cli/check.ts',
    /^(?:probes\/(?:index|network-policy|storage)|conformance\/(?:import|archive)|sources\/kind)\b/,
  ],
])('%s: nothing is loaded that it does not take', (_, file, foreign) => {
  expect([...loadedWith(file)].filter((f) => foreign.test(f))).toEqual([]);
});

/** Readers of texts that are not bounded: one module each bounds them, and nothing else may read. */
const unboundedReaders = (file: string, text: string): readonly string[] => [
  ...(!file.startsWith('text/') && /^import (?!type\b)(?!\{ stringify \} )[^;]*from '(?:js-)?yaml'|import\('(?:js-)?yaml'\)/m.test(text)
    ? [`${file}: read YAML by text/read-yaml.ts`]
    : []),
  // The runner writes the file of the event, which github/ reads within bounds.
  ...(!/^(?:text|github)\//.test(file) && /\bJSON\s*\.\s*parse\b/.test(text) ? [`${file}: read JSON by text/read-json.ts`] : []),
];

test('YAML and JSON are read by the modules that bound them', () => {
  expect(files.flatMap((file) => unboundedReaders(file, readFileSync(join(src, file), 'utf8')))).toEqual([]);
});
test.each([
  ["import { parse } from 'yaml';", 1],
  ["import {\n  parseDocument,\n  LineCounter,\n} from 'yaml';", 1],
  ["import * as yaml from 'yaml';", 1],
  ["import { load } from 'js-yaml';", 1],
  ["const { parse } = await import('yaml');", 1],
  ['const value = JSON.parse(text);', 1],
  ["import { stringify } from 'yaml';", 0],
  ["import type { Document } from 'yaml';", 0],
  ["import { readYaml } from './read-yaml.js';", 0],
])('%s: %i', (text, problems) => {
  expect(unboundedReaders('planted.ts', text)).toHaveLength(problems);
});

/** Commands that fetch the package from the npm registry, where its name belongs to nobody. */
const registryFetches = (text: string): readonly string[] =>
  text.match(/\b(?:npx|pnpx|bunx|npm (?:exec|i|install|add)|(?:pnpm|yarn) (?:dlx|add))(?: [^\s`]+){0,6} scs-kaas(?:@\S+)?(?![\w./-])/g) ??
  [];

test('nothing fetches the package from the npm registry', () => {
  const below = ['src', 'docs', 'scripts', '.github'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const texts = [...readdirSync(root), ...below].filter((file) => /\.(?:md|ts|yml|yaml|mjs)$/.test(file));
  expect(texts.length).toBeGreaterThan(300);
  expect(texts.flatMap((file) => registryFetches(readFileSync(join(root, file), 'utf8')).map((found) => `${file}: ${found}`))).toEqual([]);
});
test.each([
  ['npx scs-kaas check', 1],
  ['npx --yes scs-kaas@latest check', 1],
  ['npx -p node@24 -p scs-kaas scs-kaas', 1],
  ['npm install --global scs-kaas', 1],
  ['npm install --global ./scs-kaas-0.1.0.tgz', 0],
  ['npm ci && npm start', 0],
  ['node scs-kaas/dist/cli/index.js merge', 0],
])('%s: %i', (text, found) => {
  expect(registryFetches(text)).toHaveLength(found);
});

describe('a standard is three files and one line', () => {
  const own = readdirSync(join(src, 'standards'), { encoding: 'utf8' })
    .filter((f) => /^scs-\d{4}-v\d+\.ts$/.test(f))
    .map((f) => f.replace('.ts', ''));

  test('every file of a standard is on the list: add it to src/standards/index.ts', () => {
    expect(standards.map((s) => s.id).sort()).toEqual(own.sort());
  });

  test.each(own)('%s has a test', (id) => {
    expect(
      readdirSync(join(root, '__tests__', 'standards'), { recursive: true, encoding: 'utf8' }).some(
        (f) => f.startsWith(id) && f.endsWith('.test.ts'),
      ),
    ).toBe(true);
  });

  test('nothing but the list names a standard of its own, but for standards that build on another', () => {
    const naming = files.filter((f) => !f.startsWith('standards/') && importsOf(f).some((i) => /standards\/scs-/.test(i)));
    expect(naming).toEqual([]);
  });
});

test('a standard that is on the list alone is judged, reported, listed, described and granted', () => {
  const clocks = defineFact({
    name: 'wall-clocks',
    schema: z.string(),
    permissions: [{ role: 'read', verb: 'list', group: 'example.org', resource: 'clocks', why: 'what the time is' }],
    collect: () => Promise.resolve('right'),
  });
  const added: Standard = {
    id: 'scs-9999-v1',
    title: 'Clocks',
    category: 'informative',
    status: 'stable',
    url: 'https://docs.scs.community/standards/scs-9999-v1-clocks',
    requirements: [
      {
        id: 'clock-right',
        level: 'MUST',
        title: 'The clock is right',
        clause: '#decision',
        remediation: 'Set the clock.',
        ladder: [read({ clocks }, (facts) => (facts.clocks === 'right' ? pass('it is') : fail('it is not')))],
      },
    ],
  };
  const list = [...standards, added];
  const origin = { name: 'c', source: 's', detail: '', caveats: [] };
  const options = { tier: 'light', tool: { name: 't', version: '0' }, locate: () => undefined } as const;
  const report = buildReport(list, { 'wall-clocks': 'right' }, new Date(0), origin, options);
  expect(report.requirements.at(-1)).toMatchObject({ id: 'scs-9999-v1/clock-right', outcome: 'pass' });
  const view = { colour: false, width: 100 };
  for (const name of ['summary', 'markdown', 'json', 'log', 'junit'])
    expect(JSON.stringify(deliveryOf(name, report, { ...view, commentKey: 'k', verbose: true }))).toContain('clock-right');
  expect(listStandards(list, view)).toContain('clock-right');
  expect(explainRequirement(list, 'scs-9999-v1/clock-right', view)).toContain('Set the clock.');
  expect(standardPage(added)).toContain('clock-right');
  expect(formatManifest(permissionsOf(factsToCollect(list, 'light')))).toContain('resources: ["clocks"]');
});

describe('the catalogue', () => {
  const all = standards.flatMap((s: Standard) => s.requirements.map((r) => ({ s, r, id: `${s.id}/${r.id}` })));

  test('ids are unique', () => {
    expect(all.map((a) => a.id).filter((id, i, ids) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test.each(all.map((a) => [a.id, a] as const))('%s says what is asked, where, and what to do', (_, { s, r }) => {
    expect(r.title.length).toBeGreaterThan(10);
    expect(r.title.length).toBeLessThan(110);
    expect(r.clause).toMatch(/^#[a-z0-9-]+$/);
    expect(s.url).toMatch(/^https:\/\/docs\.scs\.community\/standards\/scs-\d{4}-v\d+-/);
    expect(r.remediation.length).toBeGreaterThan(20);
    expect(r.ladder.length > 0 || (r.settledBy?.nextStep.length ?? 0) > 20).toBe(true);
  });

  test('every requirement of the catalogue is there', () => {
    const count = (id: string): number => standards.find((s) => s.id === id)?.requirements.length ?? 0;
    expect(
      Object.fromEntries(
        ['scs-0201-v1', 'scs-0210-v2', 'scs-0211-v1', 'scs-0211-v2', 'scs-0214-v2', 'scs-0215-v1', 'scs-0217-v1', 'scs-0219-v1'].map(
          (id) => [id, count(id)],
        ),
      ),
    ).toEqual({
      'scs-0201-v1': 1,
      'scs-0210-v2': 7,
      'scs-0211-v1': 6,
      'scs-0211-v2': 6,
      'scs-0214-v2': 7,
      'scs-0215-v1': 13,
      'scs-0217-v1': 23,
      'scs-0219-v1': 5,
    });
  });

  test('facts have names of their own, and each says which permission it takes or that it takes none', () => {
    const facts = factsToCollect(standards, 'active');
    expect(new Set(facts.map((f) => f.name)).size).toBe(facts.length);
    for (const fact of facts)
      for (const p of fact.permissions) expect([p.url === undefined, p.why.length > 5]).toEqual([p.resource !== undefined, true]);
  });
});

test('every input is read: none is only on paper', () => {
  const reading = files
    .filter((f) => /^inputs\/(?!list|spec|outputs)[a-z0-9-]+\.ts$/.test(f))
    .map((f) => readFileSync(join(src, f), 'utf8'))
    .join('');
  expect(inputSpecs.filter((s) => !reading.includes(`'${s.name}'`)).map((s) => s.name)).toEqual([]);
});

describe('files that somebody names are read in one place', () => {
  /** What reads a file without looking at what it is: a pipe would be waited for, a device would not end, and errors repeat the path. */
  const readers = ['readFile', 'readFileSync', 'createReadStream', 'open', 'openSync', 'openAsBlob', 'readv'];
  /** Rooms that read what is theirs: downloads, files of the runner, an unpacked archive. */
  const own = /^(?:system|tools|github|conformance\/sonobuoy)\//;
  const readsDirectly = (source: string): boolean => {
    const imported = source
      .split(';')
      .filter((statement) => /from\s+'(?:node:)?fs(?:\/promises)?'$/.test(statement))
      .map((statement) => statement.slice(statement.lastIndexOf('import') + 'import'.length).trim());
    return (
      imported.some(
        (names) =>
          !names.startsWith('type ') && (!names.startsWith('{') || readers.some((name) => new RegExp(`\\b${name}\\b`).test(names))),
      ) || /(?:import|require)\(\s*(?:\/\*[^]*?\*\/\s*)?'(?:node:)?fs(?:\/promises)?'/.test(source)
    );
  };

  test('by src/system/text-file.ts', () => {
    expect(files.filter((file) => !own.test(file) && readsDirectly(readFileSync(join(src, file), 'utf8')))).toEqual([]);
  });

  test.each([
    "import { readFile } from 'node:fs/promises';",
    "import { mkdir,\n  readFile as read } from 'fs/promises';",
    "import { createReadStream, constants } from 'node:fs';",
    "import * as fs from 'node:fs';",
    "import fs from 'node:fs/promises';",
    "const { readFile } = await import('node:fs/promises');",
    "const fs = require('fs');",
  ])('a planted violation is seen: %s', (source) => expect(readsDirectly(source)).toBe(true));

  test.each(["import { mkdir, writeFile } from 'node:fs/promises';", "import type { Stats } from 'node:fs';"])(
    'and nothing else: %s',
    (source) => expect(readsDirectly(source)).toBe(false),
  );
});
