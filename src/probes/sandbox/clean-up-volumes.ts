import type { V1PersistentVolume } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import { count, listed, texts } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { listClaimsUnderWay, listDeletingClasses, isOursOrGone, listOwnVolumes, type Volume } from './orphans.js';
import { mergePatch, type Patience } from '../../kubernetes/objects.js';

/** A right that is refused so often is not there: an API server that has just started refuses some that are. */
const maxRefusals = 20;
/** A provisioner that is at work when its claim goes may bring its volume so much later. */
const lateMs = 20_000;

const isForbidden = (error: unknown): error is NotAvailable =>
  error instanceof NotAvailable && (error.reason === 'forbidden' || error.reason === 'unauthorized');

const volumePath = ({ name }: Volume): string => `/api/v1/persistentvolumes/${name}`;

/** Removes the volumes that were made for claims in namespaces of ours. */
export class VolumeCleanUp {
  /** Whether a namespace is ours, as far as it was asked. */
  readonly #ours = new Map<string, boolean>();
  /** Claims whose volume may come yet: until when it is waited for, and whether it goes by itself where it comes later. */
  readonly #awaited = new Map<string, { readonly until: number; readonly goes: boolean }>();
  readonly #released = new Set<string>();
  readonly #foreign = new Set<string>();
  readonly #seen = new Set<string>();
  #refused = { times: 0, why: '' };
  #left: readonly Volume[] = [];

  constructor(
    private readonly api: Api,
    /** Whether a volume belongs to what is removed, by the namespace of its claim. */
    private readonly wanted: (volume: Volume) => boolean,
    private readonly patience: Patience,
  ) {}

  /** What was removed. */
  get removed(): readonly string[] {
    return [...this.#seen].filter((name) => this.#left.every((v) => v.name !== name));
  }

  /** True where nothing is left, and nothing can come. */
  get done(): boolean {
    if (this.#hidden) return true;
    return (
      this.#refused.times === 0 && this.#left.length === 0 && [...this.#awaited.values()].every(({ until }) => performance.now() > until)
    );
  }

  /** Told of a namespace of ours before it is removed. */
  async expect(namespace: string): Promise<void> {
    this.#ours.set(namespace, true);
    // Whoever may not look there has made no claim there, or removes another one's.
    const claims = await listClaimsUnderWay(this.api, namespace).catch(() => []);
    if (claims.length === 0) return;
    const until = performance.now() + lateMs;
    for (const { uid } of claims) this.#awaited.set(uid, { until, goes: false });
    const deleting = await listDeletingClasses(this.api).catch(() => new Set<string>());
    for (const { uid, storageClass } of claims)
      if (this.#awaited.has(uid)) this.#awaited.set(uid, { until, goes: deleting.has(storageClass) });
  }

  /** One look, and a request for the removal of what is there. @throws {NotAvailable} where the API server is away */
  async round(): Promise<void> {
    if (this.#hidden) return;
    try {
      const all = (await listOwnVolumes(this.api)).filter(this.wanted);
      const ours = await Promise.all(all.map((volume) => this.#isOurs(volume)));
      const mine = all.filter((_, i) => ours[i]);
      for (const { claim } of mine) this.#awaited.delete(claim);
      for (const { name, made, retained } of mine) if (!made && retained) this.#foreign.add(name);
      this.#left = mine.filter((volume) => volume.made);
      for (const { name } of this.#left) this.#seen.add(name);
      await Promise.all(this.#left.map((volume) => this.#release(volume)));
      this.#refused = { times: 0, why: '' };
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#refused = { times: this.#refused.times + 1, why: reasonOf(error) };
    }
  }

  /** What could not be removed, after so many seconds. */
  warnings(seconds: number): readonly string[] {
    const names = this.#left.map((v) => v.name);
    const awaited = [...this.#awaited.values()].filter(({ goes }) => !goes).length;
    return texts(
      names.length > 0 &&
        `${count(names.length, 'volume')} of this check ${names.length === 1 ? 'is' : 'are'} still there after ${seconds} s: ${listed(names)}. Look at the provisioner, or remove with: kubectl delete persistentvolume ${names.join(' ')}`,
      awaited > 0 &&
        `A provisioner was at work on ${count(awaited, 'claim')} of this check when it was removed, and its class keeps its volumes: one may come yet. Look for it later, and remove it, with: scs-kaas cleanup`,
      ...[...this.#foreign].map(
        (name) =>
          `The volume ${name}, which was there before, was bound by a claim of this check and is not available to others now. Give it back with: kubectl patch persistentvolume ${name} --type merge --patch '{"spec":{"claimRef":null}}'`,
      ),
      this.#refused.times > 0 &&
        `Whether volumes of this check are left could not be looked at (${this.#refused.why}). Look with: kubectl get persistentvolumes | grep scs-kaas-`,
    );
  }

  get #hidden(): boolean {
    return this.#refused.times >= maxRefusals;
  }

  async #isOurs({ namespace }: Volume): Promise<boolean> {
    const known = this.#ours.get(namespace) ?? (await isOursOrGone(this.api, namespace, this.patience));
    this.#ours.set(namespace, known);
    return known;
  }

  /** A volume that outlives its claim is given to its provisioner, so that what lies behind it goes too. */
  async #release(volume: Volume): Promise<void> {
    if (!volume.retained || this.#released.has(volume.name)) return;
    const body: Sent<V1PersistentVolume> = { spec: { persistentVolumeReclaimPolicy: 'Delete' } };
    await mergePatch(this.api, volumePath(volume), body, this.patience);
    this.#released.add(volume.name);
  }
}
