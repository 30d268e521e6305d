import type * as z from 'zod/mini';
import type { Api, Documents, DryRuns, Network } from './ports.js';

/** Why a fact could not be had. */
export const unavailableReasons = [
  'forbidden',
  'unauthorized',
  'not-found',
  'unreachable',
  'timeout',
  'rate-limited',
  'server-error',
  'malformed',
  'too-large',
  'not-recorded',
  /** What was to be made was refused: by admission, a quota, a policy engine. */
  'refused',
  /** What was made did not come to run. */
  'not-started',
] as const;
export type UnavailableReason = (typeof unavailableReasons)[number];

/** A fact that could not be had: never a pass, always with the reason. */
export interface Unavailable {
  readonly unavailable: UnavailableReason;
  /** A sentence for people, without secrets, e.g. `GET /api/v1/nodes: 403 forbidden`. */
  readonly detail: string;
}

/** What rights are for, from the weakest on: one role in the manifest for each. */
export const permissionRoles = ['read', 'ask', 'act', 'run'] as const;
export type PermissionRole = (typeof permissionRoles)[number];

/**
 * A right that collecting a fact takes.
 * `read` rights only look. `ask` rights let the API server show a behaviour without storing anything
 * (dry run, access review, impersonation); it wants the real right for these. `act` rights make short-lived objects of our own.
 * `run` rights are those of an administrator, under which the upstream end-to-end tests run.
 */
export interface Permission {
  readonly role: PermissionRole;
  readonly verb: string;
  /** API group, `''` for the core group; absent for non-resource URLs. */
  readonly group?: string | undefined;
  /** Resource, with its subresource where there is one, e.g. `nodes/proxy`. */
  readonly resource?: string | undefined;
  /** Narrows the right to these names, where the API server honours that. */
  readonly names?: readonly string[] | undefined;
  /** Only in this namespace; cluster-wide without. */
  readonly namespace?: string | undefined;
  /** A non-resource URL, e.g. `/metrics`. */
  readonly url?: string | undefined;
  /** Why the right is needed: becomes a comment in the manifest. */
  readonly why: string;
}

/** Something that is so in a cluster: a noun that holds no opinion. */
export interface Fact<T> {
  /** kebab-case, unique: the key in a snapshot. */
  readonly name: string;
  /** What a value looks like; a snapshot from elsewhere is checked against it. */
  readonly schema: z.ZodMiniType<T>;
  readonly permissions: readonly Permission[];
  /** For a fact of several parts: the permissions of those that are not in a value because they were refused. */
  lacking?(value: T): readonly Permission[];
  /** Asked before the others: it takes the server long, or others wait for it. */
  readonly first?: boolean | undefined;
  /** The tier from which on it is collected by itself; every one without. */
  readonly tier?: 'active' | 'heavy' | undefined;
  /**
   * Looks, and trims to what is judged.
   * @throws {NotAvailable} where it cannot be had; other exceptions are bugs and end up as `malformed`
   */
  readonly collect: (ports: Ports) => Promise<T>;
}

/** Everything outside of the program that collecting a fact may use. */
export interface Ports {
  readonly api: Api;
  readonly dryRuns: DryRuns;
  readonly network: Network;
  readonly documents: Documents;
  /** The moment that is judged by. */
  readonly now: Date;
  /** What this machine's clock says. */
  readonly clock: () => Date;
  /** Another fact of the same run, collected once. Throws `NotAvailable` where that fact is unavailable. */
  readonly fact: <T>(fact: Fact<T>) => Promise<T>;
  /** Registers a value that must never be shown, e.g. a token that was just issued. */
  readonly secret: (value: string) => void;
  /**
   * Runs the probe of that name, which acts in the cluster and leaves nothing behind; absent where the run may not act.
   * @returns the fact that it is for, to be checked by that fact's schema
   */
  readonly act?: ((probe: string, fact: Ports['fact']) => Promise<unknown>) | undefined;
  /** The versions that the provider offers, as the user lists them; absent where no list was given. Checked by the fact's schema. */
  readonly offer?: unknown;
  /** Results of the upstream end-to-end tests, as they were imported; absent where the run has none. Checked by the fact's schema. */
  readonly e2e?: ((fact: Ports['fact']) => Promise<unknown>) | undefined;
}

export type FactMap = Readonly<Record<string, Fact<unknown>>>;
export type ValuesOf<F extends FactMap> = { readonly [K in keyof F]: F[K] extends Fact<infer T> ? T : never };

/** Declares a fact; only for its types. */
export const defineFact = <T>(fact: Fact<T>): Fact<T> => fact;

/** The facts of one run, by name. */
export type Facts = Readonly<Record<string, unknown>>;

export const isUnavailable = (value: unknown): value is Unavailable =>
  typeof value === 'object' && value !== null && 'unavailable' in value && 'detail' in value;

/** Whether a permission may be missing behind it. */
export const isRefusal = ({ unavailable }: Unavailable): boolean => unavailable === 'forbidden' || unavailable === 'unauthorized';

/** Reads one fact out of the collected ones; its value was validated when it was collected or loaded. */
export const factOf = <T>(facts: Facts, fact: Fact<T>): T | Unavailable =>
  Object.hasOwn(facts, fact.name)
    ? (facts[fact.name] as T | Unavailable)
    : { unavailable: 'not-recorded', detail: `${fact.name}: not part of this snapshot; record it again` };
