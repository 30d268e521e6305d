// Refreshes __tests__/fixtures/github-openapi.json: GitHub's OpenAPI description, cut down to the operations that the action calls and what they refer to.
// Usage: node scripts/trim-openapi.mjs [VERSION of @octokit/openapi]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';

const version = process.argv[2] ?? '23.0.2';
const target = new URL('../__tests__/fixtures/github-openapi.json', import.meta.url);
const operations = {
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['get', 'patch', 'delete'],
  '/repos/{owner}/{repo}/pulls': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
  '/repos/{owner}/{repo}/contents/{path}': ['get'],
  '/user': ['get'],
};
/** Prose and samples validate nothing, and they are most of the bytes. */
const prose = [
  'description',
  'summary',
  'title',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'deprecated',
  'x-github',
  'x-githubCloudOnly',
];

/** Copies a node without prose; below `properties` every key is a name of somebody's data. */
const strip = (node, names = false) => {
  if (Array.isArray(node)) return node.map((item) => strip(item));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => names || !prose.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, strip(value, !names && key === 'properties')]));
};

const references = (node) =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) => (key === '$ref' && typeof value === 'string' ? [value] : references(value)));

const follow = (spec, pointer) =>
  pointer
    .slice(2)
    .split('/')
    .reduce((node, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], spec);

const trim = (spec) => {
  const paths = Object.fromEntries(
    Object.entries(operations).map(([path, methods]) => [
      path,
      Object.fromEntries(methods.map((method) => [method, strip(spec.paths[path][method])])),
    ]),
  );
  const components = {};
  const open = references(paths);
  for (let pointer = open.pop(); pointer !== undefined; pointer = open.pop()) {
    const [, , kind, name] = pointer.split('/');
    if (components[kind]?.[name] !== undefined) continue;
    components[kind] ??= {};
    components[kind][name] = strip(follow(spec, pointer));
    open.push(...references(components[kind][name]));
  }
  const sorted = Object.fromEntries(
    Object.entries(components).map(([kind, all]) => [kind, Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))]),
  );
  return {
    openapi: spec.openapi,
    info: {
      title: 'GitHub REST API, trimmed',
      version,
      'x-source': `npm package @octokit/openapi ${version}, generated/api.github.com.json, MIT`,
    },
    paths,
    components: sorted,
  };
};

const work = mkdtempSync(join(tmpdir(), 'trim-openapi-'));
try {
  execFileSync('npm', ['pack', '--silent', `@octokit/openapi@${version}`], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('tar', ['-xzf', `octokit-openapi-${version}.tgz`, 'package/generated/api.github.com.json'], { cwd: work });
  const spec = JSON.parse(readFileSync(join(work, 'package/generated/api.github.com.json'), 'utf8'));
  writeFileSync(target, `${JSON.stringify(trim(spec))}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
