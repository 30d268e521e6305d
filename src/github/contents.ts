import * as z from 'zod/mini';
import { decodeText } from '../text/decode-text.js';
import { ApiError } from './api-error.js';

/** What the API has at a path: the entries of a folder, or a file, a link or a submodule. */
export const contentsSchema = z.union([
  z.array(z.unknown()),
  z.object({ type: z.string(), encoding: z.nullish(z.string()), content: z.nullish(z.string()) }),
]);

/** A link to a file of the repository is followed by the API; one that is left leads elsewhere. */
const kinds: Readonly<Record<string, string>> = { symlink: 'it is a symbolic link out of the repository', submodule: 'it is a submodule' };

const bytesOf = (contents: z.infer<typeof contentsSchema>): Buffer | string => {
  if (Array.isArray(contents)) return 'it is a directory';
  const { type, encoding, content } = contents;
  if (type !== 'file') return kinds[type] ?? 'it is no file';
  // From 1 MB on the API gives no content, and the encoding "none".
  return encoding === 'base64' && typeof content === 'string' ? Buffer.from(content, 'base64') : 'it is larger than 1 MB';
};

/** The text of a file as the API has it. @throws {ApiError} if it is no file, too large or no text */
export const textOfContents = (contents: z.infer<typeof contentsSchema>): string => {
  const bytes = bytesOf(contents);
  const text = typeof bytes === 'string' ? undefined : decodeText(bytes);
  if (text !== undefined) return text;
  throw new ApiError('rejected', typeof bytes === 'string' ? bytes : 'it is neither UTF-8 nor UTF-16 text; save it as UTF-8');
};

/** A path as a part of an address: what is not a slash is encoded, so that a "?" in a name begins no query. */
export const pathInAddress = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
