import { recognise } from '../text/path-or-text.js';

/** A private key in its frame, which `ssh-keygen` reads or refuses, or why there is none: in words that hold nothing of it. */
export type KeyText = { readonly key: string } | { readonly problem: string };

const openssh = 'OPENSSH PRIVATE KEY';
/** How the bytes of OpenSSH's own form begin (OpenSSH, PROTOCOL.key). */
const magic = Buffer.from('openssh-key-v1\0', 'latin1');
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
const unpackKey = (text: string): string => {
  const compact = withoutBlanks(text).replace(/^["']|["']$/g, '');
  if (!isBase64(compact)) return text;
  const inner = Buffer.from(compact, 'base64');
  if (inner.subarray(0, magic.length).equals(magic)) return framed(openssh, compact);
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
/**
 * Reads a private key as it comes out of a secret, and mends what is certain: line ends that are Windows', written as `\n`, missing at the end or
 * everywhere; a key that is packed in Base64 once more.
 * @param raw the secret's text
 */
export const readKey = (raw: string): KeyText => {
  const text = unpackKey(straightened(raw));
  const frames = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,60})-----([^]*?)-----END \1-----/g)].filter(([, label]) =>
    label?.endsWith('PRIVATE KEY'),
  );
  const [, label = '', body = ''] = frames[0] ?? [];
  if (frames.length === 0) return { problem: noFrame(text) };
  if (frames.length > 1) return { problem: 'it holds several private keys; store the one that belongs to the account' };
  if (label.startsWith('ENCRYPTED') || /ENCRYPTED|DEK-Info/.test(body)) return { problem: passphrase };
  const base64 = withoutBlanks(body);
  if (!isBase64(base64)) return { problem: damaged };
  return { key: framed(label, base64) };
};

/** A private key, or something of which it is known why it is none. */
const isKey = (text: string): boolean => /BEGIN |PuTTY-User|^(?:ssh|ecdsa|sk)-\S+ AAAA/.test(text) || 'key' in readKey(text);

/** What is read as the key of the monitor's account. */
export const keyKind = { what: 'a private key', isText: isKey, maxBytes: 64 * 1024 } as const;

/** Whether the input holds a key's text; else it is the path of a file. */
export const isKeyText = (given: string): boolean => given.trim().includes('\n') || recognise(given, isKey) !== undefined;
