import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, element, integer, objectId, octets, sequence, set, time, truth, utf8 } from './der.js';

/** A certificate and its private key, both PEM. Made anew for each test run; nothing of it is ever stored. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly commonName?: string;
  /** The groups of a Kubernetes user. */
  readonly organizations?: readonly string[];
  /** Host names and IPv4 addresses. */
  readonly altNames?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate authority of a test's own. */
export interface Authority extends Pair {
  readonly issue: (options?: CertificateOptions) => Pair;
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

const nameOf = (commonName: string, organizations: readonly string[]): Buffer =>
  sequence(...organizations.map((o) => set(sequence(objectId('2.5.4.10'), utf8(o)))), set(sequence(objectId('2.5.4.3'), utf8(commonName))));

const altName = (name: string): Buffer =>
  isIP(name) === 4 ? element(0x87, Buffer.from(name.split('.').map(Number))) : element(0x82, Buffer.from(name, 'ascii'));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(critical ? [truth(true)] : []), octets(value));

const extensionsOf = (isCa: boolean, altNames: readonly string[]): Buffer =>
  element(
    0xa3,
    sequence(
      extension('2.5.29.19', true, isCa ? sequence(truth(true)) : sequence()),
      // keyCertSign and cRLSign for a CA, digitalSignature for the rest
      extension('2.5.29.15', true, isCa ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7)),
      ...(isCa ? [] : [extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2')))]),
      ...(altNames.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...altNames.map(altName)))]),
    ),
  );

const pem = (der: Buffer): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

const build = (
  options: CertificateOptions,
  isCa: boolean,
  issuer: Buffer | undefined,
  signer: KeyObject | undefined,
): { pair: Pair; privateKey: KeyObject; name: Buffer } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf(options.commonName ?? (isCa ? 'test-ca' : 'test'), options.organizations ?? []);
  const toBeSigned = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    issuer ?? name,
    sequence(time(options.notBefore ?? new Date(Date.now() - day)), time(options.notAfter ?? new Date(Date.now() + 30 * day))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensionsOf(isCa, options.altNames ?? []),
  );
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bits(sign('sha256', toBeSigned, signer ?? privateKey)));
  const pair = { certificate: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  return { pair, privateKey, name };
};

/** A self-signed authority; `issue` signs server and client certificates (RFC 5280, ECDSA P-256). */
export const createAuthority = (options: CertificateOptions = {}): Authority => {
  const own = build(options, true, undefined, undefined);
  return { ...own.pair, issue: (leaf = {}) => build(leaf, false, own.name, own.privateKey).pair };
};
