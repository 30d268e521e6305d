import * as z from 'zod/mini';
import { resultBounds, type RunOrigin } from '../facts/e2e-results.js';
import { bounded } from '../text/bounded.js';
import { decodeText } from '../text/decode-text.js';
import { jsonOf } from '../text/shape.js';
import { junitFolder, type ResultFiles } from './archive.js';

/** A file as text: UTF-8 or UTF-16, as PowerShell writes it, without a byte order mark. Bytes that are neither are replaced: a test may print them. */
export const decodeOrUtf8 = (content: Buffer): string => decodeText(content) ?? content.toString('utf8');

/** A JSON file of a run; undefined where it is not there or has another shape: it tells nothing then. */
const json = <T>(files: ResultFiles, path: string, schema: z.ZodMiniType<T>): T | undefined => {
  const content = files.get(path);
  return content === undefined ? undefined : jsonOf(decodeOrUtf8(content), schema);
};

const short = (text: string): string => bounded(text, 200);

const versionInfo = z.object({ gitVersion: z.string() });
const versions = z.object({
  gitVersion: z.optional(z.string()),
  serverVersion: z.optional(versionInfo),
  clientVersion: z.optional(z.unknown()),
});

/** The version of the API server, or why it is not known. */
export interface StatedVersion {
  /** `''` where the file does not tell. */
  readonly version: string;
  /** Why a file that is there tells none, as the end of a sentence; `''` where it does, or is not there. */
  readonly problem: string;
}

/**
 * The version of the API server, as it answered then: the answer of `/version`, or what `kubectl version -o json` prints. The version of
 * kubectl (`clientVersion`) is never taken for it.
 */
export const statedVersion = (files: ResultFiles): StatedVersion => {
  if (!files.has('serverversion.json')) return { version: '', problem: '' };
  const read = json(files, 'serverversion.json', versions);
  if (read === undefined) return { version: '', problem: 'it is no JSON object of /version or of `kubectl version -o json`' };
  const given = new Set([read.gitVersion, read.serverVersion?.gitVersion].filter((version) => version !== undefined));
  if (given.size > 1) return { version: '', problem: `it gives two versions, ${[...given].map(short).join(' and ')}` };
  const version = short([...given][0] ?? '');
  if (version !== '') return { version, problem: '' };
  return { version, problem: read.clientVersion === undefined ? 'it holds no gitVersion' : 'it holds the version of kubectl alone' };
};

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

/** How the plugin was set. */
export interface Definition {
  /** False where the file is missing, unreadable or without image or environment: what is told below is not all then. */
  readonly whole: boolean;
  /** It only counts its tests. */
  readonly dryRun: boolean;
  /** The version of its tests; `''` where its image does not tell. */
  readonly tests: string;
}

/** How the plugin was set, as far as the files tell. */
export const definitionOf = (files: ResultFiles): Definition => {
  const { image, env } = json(files, 'plugins/e2e/definition.json', definition)?.Definition.spec ?? {};
  const isOff = ({ value = '' }: { readonly value?: string | undefined }): boolean =>
    ['', 'false', '0', 'f', 'F', 'FALSE', 'False'].includes(value.trim());
  return {
    whole: image !== undefined && env !== undefined,
    dryRun: (env ?? []).some((one) => one.name === 'E2E_DRYRUN' && !isOff(one)),
    tests: short(/:(v\d+\.\d+\.\d+[\w.+-]{0,50})(?:@|$)/.exec(image ?? '')?.[1] ?? ''),
  };
};

/** What Sonobuoy says of the plugin as a whole, and its error where it had no results; each `''` where the files do not tell. */
export const pluginStatus = (files: ResultFiles): { readonly status: string; readonly error: string } => {
  const yaml = decodeOrUtf8(files.get('plugins/e2e/sonobuoy_results.yaml') ?? Buffer.alloc(0));
  const raw = files.get('plugins/e2e/errors/global/error.json');
  const error = json(files, 'plugins/e2e/errors/global/error.json', z.object({ error: z.string() }))?.error;
  return {
    status: short(/^status: *"?([\w-]{1,30})"? *$/m.exec(yaml.slice(0, 4_096))?.[1] ?? ''),
    error: raw === undefined ? '' : bounded(error ?? 'its error.json cannot be read', 300),
  };
};

const object = z.object({ metadata: z.object({ name: z.string(), uid: z.optional(z.string()) }) });
/** A list, as Sonobuoy and `kubectl get namespaces` write it, or one object alone. */
const objects = z.union([z.object({ items: z.array(object) }), object]);
const maxNodes = 10_000;

const objectsOf = (files: ResultFiles, path: string): readonly z.infer<typeof object>[] | undefined => {
  const found = json(files, path, objects);
  return found === undefined || 'items' in found ? found?.items : [found];
};

/** What the files tell of the cluster. */
export const runOrigin = (files: ResultFiles): RunOrigin => {
  const systems = (objectsOf(files, 'resources/cluster/core_v1_namespaces.json') ?? []).filter((o) => o.metadata.name === 'kube-system');
  // Two of them are of two clusters.
  const [uid = '', ...more] = new Set(systems.map(({ metadata }) => metadata.uid ?? ''));
  const nodes = objectsOf(files, 'resources/cluster/core_v1_nodes.json');
  return {
    kubeSystem: uid === '' || more.length > 0 ? null : bounded(uid),
    nodes: nodes === undefined ? null : nodes.slice(0, maxNodes).map(({ metadata }) => bounded(metadata.name)),
  };
};

const flaked = /\[FLAKEY TEST - TOOK \d{1,4} ATTEMPTS TO PASS\]/;
const serverVersion = /\bkube-apiserver version: (v\d+\.\d+\.\d+[\w.+-]{0,50})/;
const testsVersion = /\be2e test version: (v\d+\.\d+\.\d+[\w.+-]{0,50})/;

/** What only the log has. */
export interface LogTold {
  /** False where there is no log, or one that is too large to be read. */
  readonly read: boolean;
  /** Tests that passed at a later attempt. */
  readonly retried: readonly string[];
  /** The versions of the API server and of the tests, each `''` where the suite did not say it. */
  readonly kubernetes: string;
  readonly tests: string;
}

/** What only the log has: tests that passed at a later attempt, and the versions, where the suite said them. */
export const logOf = (files: ResultFiles): LogTold => {
  const content = files.get(`${junitFolder}e2e.log`);
  const log = decodeOrUtf8(content ?? Buffer.alloc(0));
  // eslint-disable-next-line no-control-regex -- what a terminal shows as colour
  const lines = log.includes('FLAKEY') ? log.replace(/\u001b\[[\d;]{0,20}m/g, '').split('\n') : [];
  const names = lines.flatMap((line, i) =>
    flaked.test(line) ? [bounded(lines[i + 1] ?? '', resultBounds.text) || 'a test that the log does not name'] : [],
  );
  return {
    read: content !== undefined,
    retried: [...new Set(names)].slice(0, resultBounds.retried),
    kubernetes: short(serverVersion.exec(log)?.[1] ?? ''),
    tests: short(testsVersion.exec(log)?.[1] ?? ''),
  };
};
