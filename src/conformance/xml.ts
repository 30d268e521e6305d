import { BadResults } from './bad-results.js';

/** What a reader of XML is told, in the order of the text. Texts are as they stand there: `decodeXml` resolves their entities. */
export interface XmlEvents {
  readonly open: (name: string, attributes: ReadonlyMap<string, string>) => void;
  readonly close: (name: string) => void;
  readonly text: (raw: string) => void;
}

const maxDepth = 20;
const maxElements = 1_000_000;
const maxAttributes = 50;

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

/** A text on its way through the reader. */
class XmlReader {
  readonly #open: string[] = [];
  #at: number;
  #elements = 0;

  constructor(
    private readonly text: string,
    private readonly events: XmlEvents,
  ) {
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  read(): void {
    while (this.#at < this.text.length) {
      const next = this.text.indexOf('<', this.#at);
      this.#between(next < 0 ? this.text.length : next);
      if (next < 0) break;
      this.#markup();
    }
    if (this.#elements === 0) throw new BadResults(this.text.trim() === '' ? 'it is empty' : 'it is no XML');
    if (this.#open.length > 0) throw new BadResults('it is cut');
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #skipTo(end: string): string {
    const found = this.text.indexOf(end, this.#at);
    if (found < 0) throw new BadResults('it is cut');
    const inside = this.text.slice(this.#at, found);
    this.#at = found + end.length;
    return inside;
  }

  /** The text up to the next tag. */
  #between(until: number): void {
    const between = this.text.slice(this.#at, until);
    this.#at = until;
    if (between === '') return;
    if (this.#open.length > 0) this.events.text(between);
    else if (between.trim() !== '') throw new BadResults('it has text outside of its root element');
  }

  #markup(): void {
    const begins = (word: string): boolean => this.text.startsWith(word, this.#at);
    if (begins('</')) this.#close();
    else if (begins('<?')) this.#skipTo('?>');
    else if (begins('<!--')) this.#skipTo('-->');
    else if (begins('<![CDATA[')) {
      this.#at += '<![CDATA['.length;
      const inside = this.#skipTo(']]>');
      // Nothing in it is an entity.
      if (this.#open.length > 0) this.events.text(inside.replaceAll('&', '&amp;'));
    } else if (begins('<!')) throw new BadResults('it declares a document type or entities, which no test report needs');
    else this.#element();
  }

  #attributes(name: string): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (let a = this.#match(attribute); a !== null; a = this.#match(attribute)) {
      const key = a[1] ?? '';
      if (attributes.has(key) || attributes.size >= maxAttributes) throw new BadResults(`<${name}> has an attribute twice, or too many`);
      attributes.set(key, decodeXml(a[2] ?? a[3] ?? ''));
    }
    return attributes;
  }

  #element(): void {
    this.#at += 1;
    const name = this.#match(tagName)?.[0];
    if (name === undefined) throw new BadResults(this.#at >= this.text.length ? 'it is cut' : `there is no tag at character ${this.#at}`);
    if (++this.#elements > maxElements) throw new BadResults(`it has more than ${maxElements} elements`);
    const attributes = this.#attributes(name);
    const end = this.#match(tagEnd);
    if (end === null) throw new BadResults(this.#isCut() ? 'it is cut' : `the tag <${name.slice(0, 50)}> is malformed`);
    if (this.#open.length >= maxDepth) throw new BadResults(`it is nested more than ${maxDepth} deep`);
    if (this.#open.length === 0 && this.#elements > 1) throw new BadResults('it has more than one root element');
    this.events.open(name, attributes);
    if (end[1] === '/') this.events.close(name);
    else this.#open.push(name);
  }

  #close(): void {
    const name = this.#match(closing)?.[1];
    if (name === undefined || name !== this.#open.pop()) throw new BadResults(this.#isCut() ? 'it is cut' : 'its tags do not match');
    this.events.close(name);
  }

  #isCut(): boolean {
    return this.text.indexOf('>', this.#at) < 0;
  }
}

/**
 * Reads XML as far as test reports use it. Whoever wrote it may mean harm: a document type or an entity of its own is refused, nothing is
 * fetched, and depth and counts are bounded.
 * @throws {BadResults} where it is no XML, cut, or beyond the bounds
 */
export const readXml = (text: string, events: XmlEvents): void => new XmlReader(text, events).read();
