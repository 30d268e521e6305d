import { recognise } from '../model/path-or-text.js';
import { parseOpensshKey, parsePemKey } from './openssh-key.js';

/** A private key as `ssh-keygen` reads it, or why there is none: in words that hold nothing of it. */
export type KeyText = { readonly key: string } | { readonly problem: string };

const openssh = 'OPENSSH PRIVATE KEY';
const makeOne = "make one with `ssh-keygen -t ed25519 -N '' -f key`, and store the whole text of the file `key`";

/** Lines as long as OpenSSH writes them, and OpenSSL reads them. */
const framed = (label: string, base64: string): string => {
  const lines = base64.match(label === openssh ? /.{1,70}/g : /.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
const withoutBlanks = (text: string): string => text.replace(/\s+/g, '');

/** Line ends as they get lost on the way into a secret: as two characters, as those of another system, or not at all. Base64 holds no backslash. */
const straightened = (raw: string): string =>
  raw
    .replace(/^\ufeff/, '')
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replace(/\r\n?/g, '\n')
    .trim();

/** Text that was packed once more so that it fits into one line, or that has lost its frame. */
const unpacked = (text: string): string => {
  const compact = withoutBlanks(text).replace(/^["']|["']$/g, '');
  if (!isBase64(compact)) return text;
  const inner = Buffer.from(compact, 'base64');
  if (parseOpensshKey(inner) !== undefined) return framed(openssh, compact);
  const plain = inner.toString('latin1');
  return plain.includes('-----BEGIN') ? straightened(plain) : text;
};

/** Why a text without a private key in a frame is none. */
const noFrame = (text: string): string => {
  if (text.includes('PuTTY-User-Key-File'))
    return 'it is a key of PuTTY; export it in OpenSSH’s form (PuTTYgen: Conversions, Export OpenSSH key), without a passphrase';
  if (/^(?:ssh-|ecdsa-|sk-)\S+ AAAA/.test(text) || /BEGIN (?:SSH2 )?PUBLIC KEY/.test(text))
    return 'it is a public key, which belongs to the account at the monitor; the private one is the file of the same name without ".pub"';
  if (/BEGIN [A-Z ]*PRIVATE KEY/.test(text))
    return 'it is cut off: the line "-----END … PRIVATE KEY-----" is missing; store the whole text of the file';
  return `it holds no private key; ${makeOne}`;
};

const passphrase =
  "it is closed with a passphrase, and nobody is there to type it; store a copy without one (`ssh-keygen -p -N '' -f COPY`)";
const damaged = 'it is damaged: some of its text is missing or was changed on the way; store the whole text of the file again';
const unfit = (type: string): string =>
  `it is a key of the type ${type.replace(/[^A-Za-z0-9@.-]/g, '').slice(0, 40)}, with which a report cannot be signed here; take ed25519, RSA or ECDSA`;

const ofOpenssh = (base64: string): KeyText => {
  const parsed = parseOpensshKey(Buffer.from(base64, 'base64'));
  if (parsed === undefined) return { problem: damaged };
  if (parsed.encrypted) return { problem: passphrase };
  if (!/^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d{3})$/.test(parsed.type)) return { problem: unfit(parsed.type) };
  return { key: framed(openssh, base64) };
};

const ofPem = (label: string, base64: string): KeyText => {
  const pem = framed(label, base64);
  const parsed = parsePemKey(pem);
  switch (parsed.as) {
    case 'it-is':
      return { key: pem };
    case 'openssh':
      return { key: framed(openssh, parsed.bytes.toString('base64')) };
    case 'unfit':
      return { problem: unfit(parsed.type) };
    case 'damaged':
      return { problem: damaged };
  }
};

/**
 * Reads a private key as it comes out of a secret, and mends what is certain: line ends that are Windows', written as `\n`, missing at the end or
 * everywhere; a key that is packed in Base64 once more; ed25519 in a form that older versions of `ssh-keygen` do not read.
 * @param raw the secret's text
 */
export const readKey = (raw: string): KeyText => {
  const text = unpacked(straightened(raw));
  const frames = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,60})-----([^]*?)-----END \1-----/g)].filter(([, label]) =>
    label?.endsWith('PRIVATE KEY'),
  );
  const [, label = '', body = ''] = frames[0] ?? [];
  if (frames.length === 0) return { problem: noFrame(text) };
  if (frames.length > 1) return { problem: 'it holds several private keys; store the one that belongs to the account' };
  if (label.startsWith('ENCRYPTED') || /ENCRYPTED|DEK-Info/.test(body)) return { problem: passphrase };
  const base64 = withoutBlanks(body);
  if (!isBase64(base64)) return { problem: damaged };
  return label === openssh ? ofOpenssh(base64) : ofPem(label, base64);
};

/** A private key, or something of which it is known why it is none. */
const isKey = (text: string): boolean => /BEGIN |PuTTY-User|^(?:ssh|ecdsa|sk)-\S+ AAAA/.test(text) || 'key' in readKey(text);

/** What is read as the key of the monitor's account. */
export const keyKind = { what: 'a private key', isText: isKey, maxBytes: 64 * 1024 } as const;

/** Whether the input holds a key's text; else it is the path of a file. */
export const isKeyText = (given: string): boolean => given.trim().includes('\n') || recognise(given, isKey) !== undefined;
