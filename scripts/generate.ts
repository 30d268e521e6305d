import { stringify } from 'yaml';
import { inputSpecs } from '../src/input-specs.js';
import { outputSpecs } from '../src/output-specs.js';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** action.yml, from the tables of inputs and outputs. */
export const actionYml = (): string => {
  const action = {
    name: 'SCS KaaS compliance',
    description: 'Judges a Kubernetes cluster by the KaaS standards of the Sovereign Cloud Stack: annotations, job summary and one comment on the pull request.',
    author: 'scs-kaas',
    branding: { icon: 'check-circle', color: 'blue' },
    inputs: Object.fromEntries(inputSpecs.map((s) => [s.name, { description: oneLine(s.description), required: false, ...(s.default === '' ? {} : { default: s.default }) }])),
    outputs: Object.fromEntries(outputSpecs.map((s) => [s.name, { description: oneLine(s.description) }])),
    runs: { using: 'node24', main: 'dist/index.js', post: 'dist/post/index.js', 'post-if': 'always()' },
  };
  return `# Generated from src/input-specs.ts and src/output-specs.ts by \`npm run generate\`.\n${stringify(action, { lineWidth: 0 })}`;
};

const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** The README's table of inputs. */
export const inputTable = (): string =>
  table(
    ['input', 'default', 'what it does'],
    inputSpecs.map((s) => [`\`${s.name}\``, s.default === '' ? '' : `\`${s.default}\``, s.description]),
  );

/** The README's table of outputs. */
export const outputTable = (): string => table(['output', 'what it holds'], outputSpecs.map((s) => [`\`${s.name}\``, s.description]));

/** Puts a generated text between its two marks in a document. @throws where the marks are not there */
export const between = (document: string, mark: string, text: string): string => {
  const [start, end] = [`<!-- generated:${mark} -->`, `<!-- /generated:${mark} -->`];
  const [i, j] = [document.indexOf(start), document.indexOf(end)];
  if (i < 0 || j < i) throw new Error(`the document has no marks ${start} … ${end}; add them where the table belongs`);
  return `${document.slice(0, i + start.length)}\n${text}\n${document.slice(j)}`;
};
