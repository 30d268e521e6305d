import { createPrivateKey, type KeyObject } from 'node:crypto';

/** What the bytes of OpenSSH's own form say of a private key, without the passphrase that may close it (OpenSSH, PROTOCOL.key). */
export interface OpensshKey {
  readonly type: string;
  readonly encrypted: boolean;
}

const magic = Buffer.from('openssh-key-v1\0', 'latin1');

/** Reads fields that begin with their length. @throws {RangeError} where the bytes end before a field does */
class Fields {
  #at: number;
  constructor(
    private readonly bytes: Buffer,
    from: number,
  ) {
    this.#at = from;
  }
  number(): number {
    const value = this.bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }
  field(): Buffer {
    const end = this.number() + this.#at;
    if (end > this.bytes.length) throw new RangeError('the field is longer than what is there');
    const value = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }
  get left(): number {
    return this.bytes.length - this.#at;
  }
}

/** @returns undefined where the bytes are no whole key of that form */
export const parseOpensshKey = (bytes: Buffer): OpensshKey | undefined => {
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  try {
    const fields = new Fields(bytes, magic.length);
    const cipher = fields.field().toString('latin1');
    fields.field();
    fields.field();
    if (fields.number() !== 1) return undefined;
    const publicKey = fields.field();
    const secret = fields.field();
    const type = new Fields(publicKey, 0).field().toString('latin1');
    // Behind the keys there may be the tag of a cipher that authenticates.
    return secret.length === 0 || (cipher === 'none' && fields.left > 0) ? undefined : { type, encrypted: cipher !== 'none' };
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
};

const field = (value: Buffer | string): Buffer => {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** An ed25519 key in OpenSSH's own form: older versions of `ssh-keygen` read no other of it. */
const opensshOf = (key: KeyObject): Buffer | undefined => {
  const { x, d } = key.export({ format: 'jwk' });
  if (x === undefined || d === undefined) return undefined;
  const [open, secret] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const type = 'ssh-ed25519';
  const publicKey = Buffer.concat([field(type), field(open)]);
  // The check number shows that a passphrase was right; without one any will do.
  const whole = Buffer.concat([number(0), number(0), field(type), field(open), field(Buffer.concat([secret, open])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (whole.length % 8)) % 8 }, (_, i) => i + 1));
  return Buffer.concat([
    magic,
    field('none'),
    field('none'),
    field(''),
    number(1),
    field(publicKey),
    field(Buffer.concat([whole, padding])),
  ]);
};

/** What a key in PEM is to `ssh-keygen`: as it is, to be turned into OpenSSH's form, of a kind that signs nothing there, or damaged. */
export type PemKey =
  | { readonly as: 'it-is' | 'damaged' }
  | { readonly as: 'openssh'; readonly bytes: Buffer }
  | { readonly as: 'unfit'; readonly type: string };

/** @param pem whole, without a passphrase */
export const parsePemKey = (pem: string): PemKey => {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What it says may hold parts of the key.
    return { as: 'damaged' };
  }
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec') return { as: 'it-is' };
  const bytes = key.asymmetricKeyType === 'ed25519' ? opensshOf(key) : undefined;
  return bytes === undefined ? { as: 'unfit', type: key.asymmetricKeyType ?? 'unknown' } : { as: 'openssh', bytes };
};
