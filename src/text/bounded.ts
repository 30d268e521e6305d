/** Longest name that Kubernetes allows for an object (RFC 1123 subdomain). */
const longestName = 253;

/** What nearly every text is made of: nothing is to be done about it. */
const usual = /^[\x21-\x7e]*$/;

/**
 * A text of the cluster in one line and of bounded length, without controls and what turns its direction: names are validated by a
 * well-meaning API server only.
 * @param most characters that are kept
 */
export const bounded = (text: string, most = longestName): string =>
  text.length <= most && usual.test(text)
    ? text
    : text
        .slice(0, most * 2)
        .replace(/\p{Cf}+/gu, '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, most)
        .toWellFormed();

/** The beginning of a text, cut at a word; an ellipsis stands for the rest. @param most characters that are kept */
export const shortened = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  const end = cut.lastIndexOf(' ');
  return `${(end > most / 2 ? cut.slice(0, end) : cut).toWellFormed().trimEnd()} …`;
};

/** What an image reference may be made of (the grammar of the distribution project), without digest and credentials. */
const imageReference = /^[a-zA-Z0-9][a-zA-Z0-9._:/-]*$/;

/**
 * An image reference as `repository:tag`: without its digest, and without credentials that someone put before the host.
 * The API server takes nearly any text as an image: what is no reference is not shown.
 */
export const imageName = (reference: string): string => {
  const withoutDigest = bounded(reference, 400).split('@sha256:')[0] ?? '';
  const name = withoutDigest.slice(withoutDigest.lastIndexOf('@') + 1);
  return imageReference.test(name) ? name.slice(0, 300) : '(no image reference)';
};

/** Splits `repository:tag`; a port of the registry is no tag. The tag is `''` where there is none. */
export const splitImage = (image: string): { readonly repository: string; readonly tag: string } => {
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/')
    ? { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
    : { repository: image, tag: '' };
};
