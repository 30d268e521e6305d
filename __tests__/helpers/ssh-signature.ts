import { createHash, createPublicKey, verify } from 'node:crypto';

/** Fields of SSH's wire form: each begins with its length. */
const fieldsOf = (bytes: Buffer): readonly Buffer[] => {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
};

const field = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** Big-endian integers may begin with a zero for the sign. */
const unsigned = (bytes: Buffer): string => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url');

const verifies = (publicKey: Buffer, signature: Buffer, data: Buffer): boolean => {
  const [type = '', ...parts] = fieldsOf(publicKey);
  const [algorithm = '', value = Buffer.alloc(0)] = fieldsOf(signature);
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = parts;
  if (type.toString() === 'ssh-ed25519') {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') }, format: 'jwk' });
    return algorithm.toString() === 'ssh-ed25519' && verify(null, data, key, value);
  }
  if (type.toString() === 'ssh-rsa') {
    const key = createPublicKey({ key: { kty: 'RSA', e: unsigned(first), n: unsigned(second) }, format: 'jwk' });
    return verify(algorithm.toString() === 'rsa-sha2-256' ? 'sha256' : 'sha512', data, key, value);
  }
  return false;
};

/**
 * Verifies a signature of `ssh-keygen -Y sign`, without `ssh-keygen` (OpenSSH, PROTOCOL.sshsig).
 * @param keys public ones, each as `type base64`; ed25519 and RSA
 */
export const verifySshSignature = (armour: string, text: string, namespace: string, keys: readonly string[]): boolean => {
  const match = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)-----END SSH SIGNATURE-----\n$/.exec(armour);
  const blob = Buffer.from(match?.[1] ?? '', 'base64');
  if (blob.subarray(0, 6).toString() !== 'SSHSIG' || blob.length < 14) return false;
  const [publicKey, space, , hash, signature] = fieldsOf(blob.subarray(10));
  if (publicKey === undefined || space === undefined || hash === undefined || signature === undefined) return false;
  if (space.toString() !== namespace || !/^sha(?:256|512)$/.test(hash.toString())) return false;
  if (!keys.some((key) => key.split(' ')[1] === publicKey.toString('base64'))) return false;
  const digest = createHash(hash.toString()).update(text, 'utf8').digest();
  const data = Buffer.concat([Buffer.from('SSHSIG'), field(space), field(''), field(hash), field(digest)]);
  return verifies(publicKey, signature, data);
};
