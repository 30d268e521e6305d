/** Ways of writing a secret that a text might hold it in; each long enough to be no accident. */
const formsOf = (secret: string): readonly string[] => {
  const plain = secret.trim();
  // Base64 of something longer, for the three ways in which the secret can be aligned in it.
  const encoded = ['', 'x', 'xx'].map((before) =>
    Buffer.from(`${before}${plain}`)
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  );
  const url = ['', 'x', 'xx'].map((before) =>
    Buffer.from(`${before}${plain}`)
      .toString('base64url')
      .slice(before === '' ? 0 : 4, -4),
  );
  // Its beginning too: what a bound has cut off is half a secret.
  return [
    plain,
    ...(plain.length > 24 && !plain.startsWith('-----') ? [plain.slice(0, 20)] : []),
    ...encoded,
    ...url,
    encodeURIComponent(plain),
    JSON.stringify(plain).slice(1, -1),
    plain.replaceAll('+', ' '),
  ];
};

/** A secret as a whole, and each of its lines that is one by itself. */
const partsOf = (secret: string): readonly string[] =>
  [secret, ...secret.split('\n')]
    .map((part) => part.trim())
    .filter((part) => part.length >= 8 && !/^-----(BEGIN|END) [A-Z ]+-----$/.test(part));

/** Every text by which one of the secrets would be given away. */
export const tracesOf = (secrets: readonly string[]): ReadonlySet<string> =>
  new Set(
    secrets
      .flatMap(partsOf)
      .flatMap(formsOf)
      .filter((form) => form.length >= 8),
  );

/** What was found where: empty as long as the secrets are kept. @param texts by the name of where they were seen */
export const leaksIn = (texts: Readonly<Record<string, string>>, traces: ReadonlySet<string>): readonly string[] =>
  Object.entries(texts).flatMap(([where, text]) =>
    [...traces]
      .filter((trace) => text.includes(trace))
      .map((trace) => `${where}: ${trace.slice(0, 12)}… in ${text.slice(Math.max(0, text.indexOf(trace) - 60), text.indexOf(trace) + 20)}`),
  );
