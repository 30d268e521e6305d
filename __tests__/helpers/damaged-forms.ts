import { randomBytes } from 'node:crypto';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const bigEndian = (text: string): Buffer => utf16(text).swap16();
const mark = Buffer.from([0xff, 0xfe]);
const wrapped = (text: string, width: number, between = '\n'): string =>
  (text.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? []).join(between);

type Form = (text: string) => string;

/** What becomes of a text on its way into a variable, without that anything of it is lost. */
export const wholeForms: Readonly<Record<string, Form>> = {
  'as it is': (text) => text,
  'with a byte order mark': (text) => `\ufeff${text}`,
  'with line ends of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'in quotes': (text) => `'${text}'`,
  'as a JSON string': (text) => JSON.stringify(text),
  'with blank lines around it': (text) => `\n \n${text}\n\t\n`,
  'with line breaks as two characters': (text) => text.trimEnd().replaceAll('\n', '\\n'),
  'in base64': base64,
  'in base64, wrapped': (text) => wrapped(base64(text), 76),
  'in base64, wrapped by Windows': (text) => wrapped(base64(text), 64, '\r\n'),
  'in base64, with blanks': (text) => wrapped(base64(text), 76, ' '),
  'in base64, wrapped by \\n as two characters': (text) => wrapped(base64(text), 76, '\\n'),
  'in base64 and quotes': (text) => `"${base64(text)}"`,
  'in base64, without padding': (text) => base64(text).replace(/=+$/, ''),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
  'in base64 of UTF-16': (text) => base64(utf16(text)),
  'in base64 of UTF-16 with a mark': (text) => base64(Buffer.concat([mark, utf16(text)])),
  'in base64 of UTF-16, big end first': (text) => base64(bigEndian(text)),
  'in base64 of UTF-8 with a mark': (text) => base64(`\ufeff${text}`),
  'in base64 twice': (text) => base64(base64(text)),
  'in base64 three times, wrapped': (text) => wrapped(base64(wrapped(base64(base64(text)), 76)), 76),
  'in base64 of UTF-16 of base64': (text) => base64(utf16(base64(text))),
  'behind NAME=': (text) => `KUBE_CONFIG=${base64(text)}`,
  'behind NAME= and in quotes': (text) => `KUBE_CONFIG="${base64(text)}"`,
  'behind NAME= as text': (text) => `SECRET_VALUE=${text}`,
  'behind export NAME=': (text) => `export KUBECONFIG_B64='${base64(text)}'`,
  'behind NAME: ': (text) => `kubeconfig: ${base64(text)}`,
  'behind $env:NAME =': (text) => `$env:KUBECONFIG = "${base64(text)}"`,
  'behind NAME=, in base64 again': (text) => base64(`KUBE_CONFIG=${base64(text)}\n`),
  'between marks of a heredoc': (text) => `<<EOT\n${text}\nEOT`,
  'behind NAME = and between marks of a heredoc': (text) => `kubeconfig = <<-EOT\n${text}\nEOT\n`,
  'as an output of a step': (text) => `kubeconfig<<ghadelimiter_0\n${text}\nghadelimiter_0`,
  'as a data URL': (text) => `data:text/yaml;charset=utf-8;base64,${base64(text)}`,
  'as a data URL, percent-encoded': (text) => `data:text/yaml,${encodeURIComponent(text)}`,
  'percent-encoded': encodeURIComponent,
  'as certutil -encode writes it': (text) => `-----BEGIN CERTIFICATE-----\n${wrapped(base64(text), 64)}\n-----END CERTIFICATE-----\n`,
  'between fences of Markdown': (text) => `\`\`\`yaml\n${text}\n\`\`\``,
};

/** Where something got lost or was changed: nobody can tell what was meant. */
export const damagedForms: Readonly<Record<string, Form>> = {
  'base64 with a wrong character': (text) => base64(text).replace(/^(.{40})./s, '$1!'),
  'base64 with a wrong character at its end': (text) => `${base64(text).slice(0, -4)}*${base64(text).slice(-3)}`,
  'base64 that lost its first character': (text) => base64(text).slice(1),
  'base64 that lost a character in the middle': (text) => base64(text).replace(/^(.{30})./s, '$1'),
  'base64 with a colon': (text) => base64(text).replace(/^(.{50})/s, '$1:'),
  'base64 in pieces joined by colons': (text) => wrapped(base64(text), 20, ':'),
  'base64 in pieces joined by slashes': (text) => wrapped(base64(text), 10, '/'),
  'base64 with a soft hyphen': (text) => base64(text).replace(/^(.{20})/s, '$1\u00ad'),
  'base64 with an ellipsis': (text) => `${base64(text).slice(0, 60)}…${base64(text).slice(-60)}`,
  'base64 in capitals': (text) => base64(text).toUpperCase(),
  'the text backwards': (text) => text.split('').reverse().join(''),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'base64 of bytes': () => base64(randomBytes(300)),
  'base64 of Latin-1': (text) => base64(Buffer.concat([Buffer.from([0xe9, 0xfc]), Buffer.from(text, 'latin1')])),
  'base64 in an unknown command': (text) => `echo ${base64(text)} | base64 -d`,
  'base64 that is longer than any path': (text) => `${base64(text.repeat(40))}!`,
};
