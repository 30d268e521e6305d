import * as z from 'zod/mini';
import { resultBounds, type RunOrigin } from '../facts/e2e-results.js';
import { bounded } from '../facts/support/text.js';
import { jsonOf } from '../model/shape.js';
import { junitFolder, type ResultFiles } from './archive.js';

/** A JSON file of a run; undefined where it is not there or has another shape: it tells nothing then. */
const json = <T>(files: ResultFiles, path: string, schema: z.ZodMiniType<T>): T | undefined => {
  const content = files.get(path);
  return content === undefined ? undefined : jsonOf(content.toString('utf8'), schema);
};

const short = (text: string): string => bounded(text, 200);

/** The version of the API server, as it answered then. */
export const versionOf = (files: ResultFiles): string =>
  short(json(files, 'serverversion.json', z.object({ gitVersion: z.string() }))?.gitVersion ?? '');

/** The version of Sonobuoy. */
export const sonobuoyOf = (files: ResultFiles): string =>
  short(json(files, 'meta/config.json', z.object({ Version: z.string() }))?.Version ?? '');

const definition = z.object({
  Definition: z.object({
    spec: z.object({
      image: z.optional(z.string()),
      env: z.optional(z.array(z.object({ name: z.string(), value: z.optional(z.string()) }))),
    }),
  }),
});

/** How the plugin was set: whether it only counts its tests, and which version they have. */
export const definitionOf = (files: ResultFiles): { readonly dryRun: boolean; readonly tests: string } => {
  const spec = json(files, 'plugins/e2e/definition.json', definition)?.Definition.spec;
  const dry = (spec?.env ?? []).find(({ name }) => name === 'E2E_DRYRUN')?.value ?? '';
  return {
    dryRun: !['', 'false', '0', 'f', 'F', 'FALSE', 'False'].includes(dry.trim()),
    tests: short(/:(v\d+\.\d+\.\d+[\w.+-]{0,50})(?:@|$)/.exec(spec?.image ?? '')?.[1] ?? ''),
  };
};

/** What Sonobuoy says of the plugin as a whole, and its error where it had no results; each `''` where the files do not tell. */
export const pluginStatus = (files: ResultFiles): { readonly status: string; readonly error: string } => {
  const yaml = files.get('plugins/e2e/sonobuoy_results.yaml')?.toString('utf8') ?? '';
  const raw = files.get('plugins/e2e/errors/global/error.json');
  const error = json(files, 'plugins/e2e/errors/global/error.json', z.object({ error: z.string() }))?.error;
  return {
    status: short(/^status: *"?([\w-]{1,30})"? *$/m.exec(yaml.slice(0, 4_096))?.[1] ?? ''),
    error: raw === undefined ? '' : bounded(error ?? 'its error.json cannot be read', 300),
  };
};

const objects = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string(), uid: z.optional(z.string()) }) })) });
const mostNodes = 10_000;

/** What the files tell of the cluster. */
export const originOf = (files: ResultFiles): RunOrigin => {
  const namespaces = json(files, 'resources/cluster/core_v1_namespaces.json', objects)?.items ?? [];
  const uid = namespaces.find(({ metadata }) => metadata.name === 'kube-system')?.metadata.uid;
  const nodes = json(files, 'resources/cluster/core_v1_nodes.json', objects)?.items;
  return {
    kubeSystem: uid === undefined || uid === '' ? null : bounded(uid),
    nodes: nodes === undefined ? null : nodes.slice(0, mostNodes).map(({ metadata }) => bounded(metadata.name)),
  };
};

const flaked = /\[FLAKEY TEST - TOOK \d{1,4} ATTEMPTS TO PASS\]/;
const serverVersion = /\bkube-apiserver version: (v\d+\.\d+\.\d+[\w.+-]{0,50})/;
const testsVersion = /\be2e test version: (v\d+\.\d+\.\d+[\w.+-]{0,50})/;

/** What only the log has: tests that passed at a later attempt, and the versions, where the suite said them. */
export const logOf = (files: ResultFiles): { readonly retried: readonly string[]; readonly kubernetes: string; readonly tests: string } => {
  const log = files.get(`${junitFolder}e2e.log`)?.toString('utf8') ?? '';
  // eslint-disable-next-line no-control-regex -- what a terminal shows as colour
  const lines = log.includes('FLAKEY') ? log.replace(/\u001b\[[\d;]{0,20}m/g, '').split('\n') : [];
  const names = lines.flatMap((line, i) =>
    flaked.test(line) ? [bounded(lines[i + 1] ?? '', resultBounds.text) || 'a test that the log does not name'] : [],
  );
  return {
    retried: [...new Set(names)].slice(0, resultBounds.retried),
    kubernetes: short(serverVersion.exec(log)?.[1] ?? ''),
    tests: short(testsVersion.exec(log)?.[1] ?? ''),
  };
};
