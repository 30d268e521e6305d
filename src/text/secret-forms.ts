/** Values shorter than this are common words and numbers: hiding them would wreck every text and protect nothing. */
export const shortestSecret = 6;

/** Base64 digits of the bytes that do not depend on what stands before or after them, for the three ways in which they can be aligned. */
const base64Forms = (secret: string): readonly string[] => {
  // Mostly lines of a key: these are their own bytes.
  const plain = /^[ -~]*$/.test(secret);
  const bytes = plain ? secret : Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join('');
  return [0, 1, 2].map((offset) =>
    btoa('\0'.repeat(offset) + bytes).slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
  );
};

/** What frames a key in PEM is no secret. */
const isFrame = (line: string): boolean => /^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(line);

/** The lines of a secret that are one by themselves: a key in PEM is recognised by any of them. */
const secretLines = (secret: string): readonly string[] =>
  secret
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !isFrame(line));

/** The whole of a secret and each of its lines, of a key in PEM its lines alone; none where they are too short to hide. */
export const partsOf = (secret: string): readonly string[] =>
  [...new Set([...(secret.includes('-----BEGIN ') ? [] : [secret.trim()]), ...secretLines(secret)])].filter(
    (part) => part.length >= shortestSecret && !isFrame(part),
  );

/** A part of a secret as it is, and as it is in Base64, by itself or within something longer. */
export const formsOf = (part: string): readonly string[] => [part, ...base64Forms(part).filter((form) => form.length >= shortestSecret)];
