import { BadResults } from './bad-results.js';

/** What a reader of XML is told, in the order of the text. Texts are as they stand there: `decodeXml` resolves their entities. */
export interface XmlEvents {
  readonly open: (name: string, attributes: ReadonlyMap<string, string>) => void;
  readonly close: (name: string) => void;
  readonly text: (raw: string) => void;
}

const mostDepth = 20;
const mostElements = 1_000_000;
const mostAttributes = 50;

const tagName = /[A-Za-z_][\w:.-]*/y;
const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
const closing = /<\/([A-Za-z_][\w:.-]*)\s*>/y;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const codePoint = (body: string): string | undefined => {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(body);
  const value = digits?.[1] === undefined ? Number(digits?.[2] ?? Number.NaN) : Number.parseInt(digits[1], 16);
  return value >= 1 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
};

/**
 * Resolves the five entities that XML has by itself and numeric ones.
 * @throws {BadResults} for every other: they would need a declaration, and none is read
 */
export const decodeXml = (raw: string): string =>
  raw.includes('&')
    ? raw.replace(/&([^;&\s]{0,12});?/g, (whole, body: string) => {
        const text = (Object.hasOwn(named, body) ? named[body] : undefined) ?? codePoint(body);
        if (text === undefined || !whole.endsWith(';'))
          throw new BadResults(`it holds the entity ${JSON.stringify(whole)}, which XML does not have`);
        return text;
      })
    : raw;

/**
 * Reads XML as far as test reports use it. Whoever wrote it may mean harm: a document type or an entity of its own is refused, nothing is
 * fetched, and depth and counts are bounded.
 * @throws {BadResults} where it is no XML, cut, or beyond the bounds
 */
export const readXml = (text: string, events: XmlEvents): void => {
  const open: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let elements = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const skipTo = (end: string): string => {
    const found = text.indexOf(end, at);
    if (found < 0) throw new BadResults('it is cut');
    const inside = text.slice(at, found);
    at = found + end.length;
    return inside;
  };
  const element = (): void => {
    at += 1;
    const name = match(tagName)?.[0];
    if (name === undefined) throw new BadResults(at >= text.length ? 'it is cut' : `there is no tag at character ${at}`);
    if (++elements > mostElements) throw new BadResults(`it has more than ${mostElements} elements`);
    const attributes = new Map<string, string>();
    for (let a = match(attribute); a !== null; a = match(attribute)) {
      const key = a[1] ?? '';
      if (attributes.has(key) || attributes.size >= mostAttributes) throw new BadResults(`<${name}> has an attribute twice, or too many`);
      attributes.set(key, decodeXml(a[2] ?? a[3] ?? ''));
    }
    const end = match(tagEnd);
    if (end === null) throw new BadResults(text.indexOf('>', at) < 0 ? 'it is cut' : `the tag <${name.slice(0, 50)}> is malformed`);
    if (open.length >= mostDepth) throw new BadResults(`it is nested more than ${mostDepth} deep`);
    if (open.length === 0 && elements > 1) throw new BadResults('it has more than one root element');
    events.open(name, attributes);
    if (end[1] === '/') events.close(name);
    else open.push(name);
  };
  const closeElement = (): void => {
    const name = match(closing)?.[1];
    if (name === undefined || name !== open.pop()) throw new BadResults(text.indexOf('>', at) < 0 ? 'it is cut' : 'its tags do not match');
    events.close(name);
  };

  while (at < text.length) {
    const next = text.indexOf('<', at);
    const until = next < 0 ? text.length : next;
    if (until > at) {
      const between = text.slice(at, until);
      if (open.length > 0) events.text(between);
      else if (between.trim() !== '') throw new BadResults('it has text outside of its root element');
    }
    at = until;
    if (next < 0) break;
    if (text.startsWith('</', at)) closeElement();
    else if (text.startsWith('<?', at)) skipTo('?>');
    else if (text.startsWith('<!--', at)) skipTo('-->');
    else if (text.startsWith('<![CDATA[', at)) {
      at += '<![CDATA['.length;
      const inside = skipTo(']]>');
      // Nothing in it is an entity.
      if (open.length > 0) events.text(inside.replaceAll('&', '&amp;'));
    } else if (text.startsWith('<!', at)) throw new BadResults('it declares a document type or entities, which no test report needs');
    else element();
  }
  if (elements === 0) throw new BadResults(text.trim() === '' ? 'it is empty' : 'it is no XML');
  if (open.length > 0) throw new BadResults('it is cut');
};
