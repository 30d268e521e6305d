import type { InputSpec } from '../inputs/list.js';
import { exitCodes } from '../evaluation/exit-code.js';
import { secretInputs, terminalInputs, terminalOptions, variableOf } from './arguments.js';

const groups: Record<InputSpec['group'], string> = {
  cluster: 'The cluster',
  kind: 'A cluster of kind',
  judging: 'Judging',
  probing: 'The active tier',
  testing: 'End-to-end tests (tier heavy)',
  delivering: 'Reporting',
  limits: 'Limits',
};

const wrapOption = (text: string, indent: number, width: number): string => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 1 > width - indent && last !== '') lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
};

const option = (
  o: { name: string; takes: string; description: string; secret?: true | undefined },
  fallback: string,
  width: number,
): string => {
  const name = `  --${o.name}${o.secret === true ? ' FILE' : o.takes === 'value' ? ' VALUE' : ''}`;
  const text = `${o.description.replaceAll('`', '')}${fallback === '' ? '' : ` Default: ${fallback}.`}`;
  return `${name.padEnd(28)}${name.length >= 28 ? `\n${' '.repeat(28)}` : ''}${wrapOption(text, 28, width)}`;
};

/**
 * The help of the command line.
 * @param width in columns
 */
export const helpText = (width: number): string => {
  const columns = Math.min(Math.max(width, 60), 110);
  return [
    'scs-kaas judges a Kubernetes cluster by the KaaS standards of the Sovereign Cloud Stack.',
    '',
    'Usage:',
    '  scs-kaas check [OPTIONS]           judges a cluster',
    '  scs-kaas record FILE [OPTIONS]     records what is judged, to replay it with --cluster snapshot:FILE',
    '  scs-kaas upload FILE [OPTIONS]     hands in upstream’s report, which "check --format scs-report" has written',
    '  scs-kaas merge REPORT.json …       one table and one verdict out of the JSON reports of several clusters',
    '  scs-kaas cleanup [--all]           removes what a run of the active tier could not give back',
    '  scs-kaas list                      all requirements',
    '  scs-kaas explain REQUIREMENT       one requirement: what settles it, what to do where it is broken',
    '  scs-kaas permissions [--role R]    the RBAC manifest for a service account of its own',
    '  scs-kaas version',
    ...Object.entries(groups).flatMap(([group, heading]) => [
      '',
      `${heading}:`,
      ...terminalInputs
        .filter((s) => s.group === group)
        .map((s) => option(s, s.takes === 'flag' ? '' : (s.terminalDefault ?? s.default), columns)),
    ]),
    '',
    'Secrets:',
    `  ${wrapOption(`${secretInputs.map((s) => `--${s.name}`).join(', ')} take the path of a file, or - for standard input: arguments can be read by everybody on this machine. The text itself may stand in the environment: ${secretInputs.map((s) => variableOf(s.name)).join(', ')}.`, 2, columns)}`,
    '',
    'On a terminal:',
    ...terminalOptions.map((o) => option(o, '', columns)),
    '',
    'Exit codes:',
    `  ${exitCodes.fine}    nothing that --fail-on names`,
    `  ${exitCodes.failed}    a requirement failed that --fail-on names`,
    `  ${exitCodes.badInput}    an input is invalid`,
    `  ${exitCodes.notJudged}    the cluster could not be judged; of cleanup: something is left; of upload: not everything was stored`,
    `  ${exitCodes.internal}   a fault of the program`,
    `  ${exitCodes.interrupted}  interrupted`,
    '',
  ].join('\n');
};
