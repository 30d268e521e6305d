import type { StorageClass } from '../storage-classes.js';

/**
 * The classes that are marked as default, the one that a claim without a class gets first: the newest, and of equally old ones
 * the first by name. So chooses the API server's admission since 1.26 (KEP-3333).
 */
export const defaultsOf = <C extends Pick<StorageClass, 'name' | 'defaultBy' | 'createdAt'>>(classes: readonly C[]): readonly C[] =>
  classes
    .filter((c) => c.defaultBy !== 'none')
    .sort((a, b) => (a.createdAt === b.createdAt ? (a.name < b.name ? -1 : 1) : a.createdAt > b.createdAt ? -1 : 1));
