import { randomBytes } from 'node:crypto';
import type { Selector } from '../../kubernetes/selector.js';

/** Who made an object: the label by which leftovers are found. */
export const ownerLabel = 'app.kubernetes.io/managed-by';
export const owner = 'scs-kaas';
/** Which run made it. */
export const runLabel = 'scs-kaas/run';
/** Until when its run answers for it, ISO 8601: renewed while the run lives, so that a later moment means a living run. */
export const deadlineAnnotation = 'scs-kaas/deadline';

/** How long a run answers for its objects without another word. */
export const leaseMs = 60_000;

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A name for one run that no other has: ten letters and digits, 51 bits. */
export const newRunId = (): string => [...randomBytes(10)].map((byte) => letters[byte % letters.length] ?? 'a').join('');

/** The namespace of one run for one purpose. */
export const namespaceOf = (run: string, purpose: string): string => `scs-kaas-${run}-${purpose}`;

const ownName = /^scs-kaas-([a-z0-9]{10})-[a-z0-9]{1,12}$/;

/** The run that a namespace of that name belongs to; undefined where the name is none of ours. */
export const runOfNamespace = (name: string): string | undefined => ownName.exec(name)?.[1];

/** What every object of a run carries. */
export const ownLabels = (run: string): Readonly<Record<string, string>> => ({ [ownerLabel]: owner, [runLabel]: run });

/** Selects the objects of one run, or of all. */
export const ownSelector = (run?: string): Selector => ({ labels: { [ownerLabel]: owner, [runLabel]: run } });

const selector = (run?: string): string => `${ownerLabel}=${owner},${run === undefined ? runLabel : `${runLabel}=${run}`}`;

/** How to remove what a run has made, or all runs; of a later moment, when it ended before it could do so itself. */
export const removalCommand = (run?: string): string => `scs-kaas cleanup, or: kubectl delete namespace --selector ${selector(run)}`;

/** Whether a text is the name of a run. */
export const isRunId = (text: string): boolean => runOfNamespace(namespaceOf(text, 'x')) === text;
