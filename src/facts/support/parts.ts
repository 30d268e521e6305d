import * as z from 'zod/mini';
import { NotAvailable } from '../../model/errors.js';
import {
  isRefusal,
  isUnavailable,
  unavailableReasons,
  type Permission,
  type Unavailable,
  type UnavailableReason,
} from '../../model/fact.js';
import { permissionText } from '../../model/permission.js';

/** The shape of a part that could not be had: it stands in the list beside those that could, with what it is a part of. */
export const unavailablePart = { unavailable: z.enum(unavailableReasons), detail: z.string() };

/**
 * Waits for one part of a fact. That it could not be had is kept in its place: what is known of the others is no less for that.
 * @returns what was read, or why it could not be
 */
export const partOf = async <T>(running: Promise<T>): Promise<T | Unavailable> => {
  try {
    return await running;
  } catch (error) {
    if (error instanceof NotAvailable) return error.toUnavailable();
    throw error;
  }
};

/**
 * Waits for something that may not be there.
 * @param fallback what stands for it where it could not be had
 * @param reasons the only ones for which it does; every one where none is named
 */
export const partOr = async <T, F>(running: Promise<T>, fallback: F, ...reasons: readonly UnavailableReason[]): Promise<T | F> => {
  try {
    return await running;
  } catch (error) {
    if (error instanceof NotAvailable && (reasons.length === 0 || reasons.includes(error.reason))) return fallback;
    throw error;
  }
};

/** The parts that could be had. */
export const hadOf = <T extends object>(parts: readonly T[]): readonly Exclude<T, Unavailable>[] =>
  parts.filter((part): part is Exclude<T, Unavailable> => !isUnavailable(part));

/** The parts that could not. */
export const lackingOf = <T extends object>(parts: readonly T[]): readonly Extract<T, Unavailable>[] =>
  parts.filter((part): part is Extract<T, Unavailable> => isUnavailable(part));

/** Why a part could not be had, and the right that would help. @param right that reading this part takes */
export const partText = (part: Unavailable, right: Permission | undefined): string =>
  right !== undefined && isRefusal(part) ? `${part.detail}; grant ${permissionText(right)}` : part.detail;

/** The rights that would help with the parts that were refused, for `Fact.lacking`. @param rightOf reading a part, undefined where none is known */
export const lackingRights = <T extends object>(
  parts: readonly T[],
  rightOf: (part: Extract<T, Unavailable>) => Permission | undefined,
): readonly Permission[] =>
  lackingOf(parts)
    .filter(isRefusal)
    .flatMap((part) => rightOf(part) ?? []);
