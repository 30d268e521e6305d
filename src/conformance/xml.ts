import { SaxesParser } from 'saxes';
import { BadResults } from './bad-results.js';

/** What `readXml` calls, in the order of the text. The entities of all values are resolved. */
export interface XmlEvents {
  readonly open: (name: string, attributes: ReadonlyMap<string, string>) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
}

const maxDepth = 20;
const maxElements = 1_000_000;
const maxAttributes = 50;
/** The parser joins a text from pieces, and a piece of one character (a line end, an entity) takes 32 bytes. */
const maxText = 8 * 1024 * 1024;
const chunk = 64 * 1024;

const tooMany = 'a tag has an attribute twice, or too many';
const declares = 'it declares a document type or entities, which no test report needs';

/** Words in messages of the parser, and the message that stands for them. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^unclosed tag|^unexpected end|must contain a root/, 'it is cut'],
  [/^unexpected close tag|^unmatched closing tag/, 'its tags do not match'],
  [/^text data outside/, 'it has text outside of its root element'],
  [/only one root|XML declaration must/, 'it has more than one root element or declaration'],
  [/^duplicate attribute/, tooMany],
  [/doctype/, declares],
  [/entity/, 'it holds an entity that XML does not have'],
];

const explained = (message: string, line: number): BadResults =>
  new BadResults(
    meanings.find(([words]) => words.test(message))?.[1] ?? `its XML is malformed in line ${line}: ${message.replace(/\.$/, '')}`,
  );

/**
 * Reads XML as far as test reports use it. Whoever wrote it may mean harm: a document type or an entity of its own is refused, nothing is
 * fetched, and depth, counts and lengths are bounded.
 * @throws {BadResults} where it is no XML, cut, or beyond the bounds
 */
export const readXml = (text: string, events: XmlEvents): void => {
  if (text.trim() === '') throw new BadResults('it is empty');
  const parser = new SaxesParser({ position: false });
  let [depth, elements, attributes, sinceEvent] = [0, 0, 0, 0];
  parser.on('error', ({ message }) => {
    throw explained(message, parser.line);
  });
  parser.on('doctype', () => {
    throw new BadResults(declares);
  });
  parser.on('attribute', () => {
    sinceEvent = 0;
    if (++attributes > maxAttributes) throw new BadResults(tooMany);
  });
  parser.on('opentag', (tag) => {
    sinceEvent = attributes = 0;
    if (++elements > maxElements) throw new BadResults(`it has more than ${maxElements} elements`);
    if (++depth > maxDepth) throw new BadResults(`it is nested more than ${maxDepth} deep`);
    events.open(tag.name, new Map(Object.entries(tag.attributes)));
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    events.close(name);
  });
  const onText = (inside: string): void => {
    sinceEvent = 0;
    events.text(inside);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  // A blank line before the declaration says nothing of the results. Of half a surrogate pair, the parser takes what follows for the other half.
  const whole = text.trimStart().toWellFormed();
  for (let at = 0; at < whole.length; at += chunk) {
    parser.write(whole.slice(at, at + chunk));
    if ((sinceEvent += chunk) > maxText) throw new BadResults(`one of its texts is longer than ${maxText} characters`);
  }
  parser.close();
};
