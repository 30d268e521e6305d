/** DER (ITU-T X.690), as much of it as a certificate takes. */

const lengthOf = (n: number): Buffer => {
  if (n < 0x80) return Buffer.from([n]);
  const bytes = n < 0x100 ? [n] : n < 0x10000 ? [n >> 8, n & 0xff] : [n >> 16, (n >> 8) & 0xff, n & 0xff];
  return Buffer.from([0x80 | bytes.length, ...bytes]);
};

/** One element: its tag, and what it holds. */
export const element = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};

export const sequence = (...contents: readonly Buffer[]): Buffer => element(0x30, ...contents);
export const set = (...contents: readonly Buffer[]): Buffer => element(0x31, ...contents);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
export const octets = (content: Buffer): Buffer => element(0x04, content);
export const bits = (content: Buffer, unused = 0): Buffer => element(0x03, Buffer.from([unused]), content);
export const truth = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));

/** A non-negative integer of any size. */
export const integer = (content: Buffer): Buffer =>
  element(0x02, (content[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), content]) : content);

/** e.g. `2.5.4.3` */
export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (n: number): number[] => (n < 0x80 ? [n] : [...base128(Math.floor(n / 0x80)).map((b) => b | 0x80), n & 0x7f]);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

/** GeneralizedTime, which spells the year in full (RFC 5280 wants UTCTime before 2050; OpenSSL takes both). */
export const time = (date: Date): Buffer =>
  element(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`, 'ascii'));
