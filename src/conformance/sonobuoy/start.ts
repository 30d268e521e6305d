import { NotAvailable } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { create } from '../../kubernetes/objects.js';
import { findOwn, testNamespaces, type Found, type OwnRun } from './find.js';
import {
  nameAnnotation,
  othersAnnotation,
  ownerAnnotation,
  runNamespace,
  settingsAnnotation,
  settingsInWords,
  type RunSettings,
} from './identity.js';
import { collectionPath, type ManifestObject } from './manifest.js';

/** So many runs of others are remembered; there are seldom any. */
const maxOthers = 200;

/**
 * What speaks against a run, where another one is there.
 * @returns undefined where nothing does
 */
export const startObjection = ({ own, foreign, runners }: Found, owner: string, settings: RunSettings): string | undefined => {
  if (foreign.length > 0)
    return `a run of Sonobuoy that is not ours is in the cluster (${listed(foreign)}): two would disturb each other. Wait for it and provide its archive by "e2e-results", or remove it with "sonobuoy delete"`;
  if (own === undefined && runners.length > 0)
    return `end-to-end tests that are not ours are in the cluster (${listed(runners)}): two would disturb each other. Wait for them and provide their results by "e2e-results", or remove them, e.g. with "hydrophone --cleanup"`;
  if (own === undefined) return undefined;
  if (own.owner !== owner)
    return `a run that ${own.owner || 'somebody'} has started at ${own.created} is in the cluster (${runNamespace}), and this one is started by ${owner}: set "e2e.owner" to ${JSON.stringify(own.owner)} to take it over`;
  if (own.ending) return `the run of ${own.created} is being removed at this moment (${runNamespace}); try again when it is gone`;
  if (JSON.stringify(own.settings) === JSON.stringify(settings)) return undefined;
  const what = own.settings === undefined ? 'settings that cannot be read' : settingsInWords(own.settings);
  return `the run of ${own.created} that is in the cluster has other settings (${what}, and not ${settingsInWords(settings)}): use the same to resume it, or remove it with "scs-kaas cleanup --all"`;
};

/** @throws {NotAvailable} where the process is to end */
const goingOn = (signal: AbortSignal): void => {
  if (signal.aborted) throw new NotAvailable('timeout', 'this run was ended while the end-to-end run was being started');
};

/**
 * Makes the objects of a run, the namespace first: whose it is stands on it before anything else is there, and what is not in it is owned by it,
 * so that it goes with it.
 * @param api that outlasts the end of the process: a request that was sent is waited for, so that it is known whether its object is there
 * @param objects as `toManifest` gives them
 * @param given.name of this run, which no other has
 * @param onMaking told before the first object is made
 * @throws {NotAvailable} where the cluster refuses; `refused` where another run was faster
 */
export const startRun = async (
  api: Api,
  objects: readonly ManifestObject[],
  given: { readonly name: string; readonly owner: string; readonly settings: RunSettings; readonly signal: AbortSignal },
  onMaking: () => void,
): Promise<OwnRun> => {
  const { name, owner, settings, signal } = given;
  const others = [...new Set((await testNamespaces(api, { signal })).map(({ run }) => run))].slice(0, maxOthers);
  const annotations = {
    [nameAnnotation]: name,
    [ownerAnnotation]: owner,
    [settingsAnnotation]: JSON.stringify(settings),
    [othersAnnotation]: JSON.stringify(others),
  };
  const [namespace, ...rest] = objects;
  if (namespace === undefined) throw new Error('a manifest begins with its namespace');
  const marked = { ...namespace, metadata: { ...namespace.metadata, annotations: { ...namespace.metadata.annotations, ...annotations } } };
  goingOn(signal);
  onMaking();
  // One that is there already is fine for `create`: by the name it is known whether it is ours.
  await create(api, '/api/v1/namespaces', marked, { signal });
  const own = await findOwn(api, { signal });
  if (own?.name !== name) throw new NotAvailable('refused', `another run was faster: the namespace ${runNamespace} is there already`);
  const owned = { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: runNamespace, uid: own.uid }] };
  for (const object of rest) {
    goingOn(signal);
    const inside = collectionPath(object).includes(`/namespaces/${runNamespace}/`);
    await create(api, collectionPath(object), inside ? object : { ...object, metadata: { ...object.metadata, ...owned } }, { signal });
  }
  return own;
};
