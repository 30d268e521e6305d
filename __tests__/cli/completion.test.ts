import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { completionScript, completionShells } from '../../src/cli/completion.js';
import { functionName } from '../../src/cli/completion-words.js';
import type { CommandSpec } from '../../src/cli/command-spec.js';

const commands: readonly CommandSpec[] = [
  {
    name: 'check',
    summary: 'Checks a cluster. In full.',
    arguments: [],
    options: [
      {
        name: 'cluster',
        takes: 'value',
        placeholder: 'SOURCE',
        values: ['kind', 'kubeconfig', 'snapshot:'],
        description: 'Where the cluster is, e.g. `kind`. Default: kind.',
      },
      { name: 'format', short: 'o', takes: 'value', values: ['table', 'json'], description: 'Form: of [output]' },
      { name: 'report', takes: 'value', values: ['json=', 'junit='], repeatable: true, description: 'A report as a file' },
      { name: 'kubeconfig', takes: 'value', secret: true, description: 'The file' },
      { name: 'verbose', short: 'v', takes: 'flag', description: "Everything; it's $(long)" },
    ],
    examples: [],
  },
  {
    name: 'explain',
    summary: 'Explains',
    arguments: [{ name: 'ID', required: true, values: ['scs-1', 'scs-1/a', 'scs-2'] }],
    options: [{ name: 'color', takes: 'flag', description: 'Colours' }],
    examples: [],
  },
  {
    name: 'diff',
    summary: 'Compares',
    arguments: [
      { name: 'OLD', required: true, values: 'file' },
      { name: 'NEW', required: false },
    ],
    options: [{ name: 'expect', takes: 'value', description: 'A number' }],
    examples: [],
  },
  {
    name: 'merge',
    summary: 'Merges',
    arguments: [{ name: 'FILE', required: true, variadic: true, values: 'file' }],
    options: [],
    examples: [],
  },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scs-kaas-completion-'));
  writeFileSync(join(folder, 'report.json'), '');
  writeFileSync(join(folder, 'two words.json'), '');
  mkdirSync(join(folder, 'reports'));
  for (const shell of completionShells) writeFileSync(join(folder, `script.${shell}`), completionScript(shell, 'scs-kaas', commands));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Splits a line as bash does for a completion: at blanks and around its marks. */
const split = (line: string, marks: string): readonly string[] => {
  const words = line.match(new RegExp(`[${marks}]+|[^\\s${marks}]+`, 'g')) ?? [];
  return /\s$/.test(line) ? [...words, ''] : words;
};

/** What bash is told of the words on the line; the cursor is at its end. */
const replies = (line: string, { marks = '=:', options = '' } = {}): readonly string[] => {
  const words = marks === '' ? line.split(' ') : split(line, marks);
  const script = [
    options,
    'source "$SCRIPT" || exit 1',
    `COMP_WORDBREAKS=$' \\t\\n"\\'><;|&(${marks}'`,
    'COMP_LINE="$LINE" COMP_POINT=${#LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))',
    '_scs_kaas',
    'if ((${#COMPREPLY[@]} > 0)); then printf "%s\\n" "${COMPREPLY[@]}"; fi',
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', script, 'bash', ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LINE: line, SCRIPT: join(folder, 'script.bash') },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
};

describe('bash', () => {
  test('takes the script', () => expect(execFileSync('bash', ['-n', join(folder, 'script.bash')], { encoding: 'utf8' })).toBe(''));
  test('knows the function for the program', () =>
    expect(
      execFileSync('bash', ['--norc', '-c', 'source "$0" && complete -p scs-kaas', join(folder, 'script.bash')], { encoding: 'utf8' }),
    ).toBe('complete -F _scs_kaas scs-kaas\n'));

  const options = ['--cluster', '--format', '--kubeconfig', '--verbose', '--report'];
  const files = ['report.json', 'reports', 'script.bash', 'script.fish', 'script.zsh', 'two words.json'];
  test.each<[string, readonly string[]]>([
    ['scs-kaas ', ['check', 'explain', 'diff', 'merge']],
    ['scs-kaas e', ['explain']],
    ['scs-kaas x', []],
    ['scs-kaas unknown ', []],
    ['scs-kaas unknown --', []],
    ['scs-kaas check ', []],
    ['scs-kaas check --', options],
    ['scs-kaas check --verbose --cluster kind --', ['--format', '--kubeconfig', '--report']],
    ['scs-kaas check --cluster=kind --report json=a --', ['--format', '--kubeconfig', '--verbose', '--report']],
    ['scs-kaas check --cl', ['--cluster']],
    ['scs-kaas explain --', ['--color']],
    ['scs-kaas merge --', []],
    ['scs-kaas check --cluster ', ['kind', 'kubeconfig', 'snapshot:']],
    ['scs-kaas check --cluster ki', ['kind']],
    ['scs-kaas check --cluster=', ['kind', 'kubeconfig', 'snapshot:']],
    ['scs-kaas check --cluster=ku', ['kubeconfig']],
    ['scs-kaas check --cluster snapshot:rep', ['report.json', 'reports']],
    ['scs-kaas check --cluster=snapshot:rep', ['report.json', 'reports']],
    ['scs-kaas check --cluster= ', []],
    ['scs-kaas check -o ', ['table', 'json']],
    ['scs-kaas check -o table --verb', ['--verbose']],
    ['scs-kaas check --report ', ['json=', 'junit=']],
    ['scs-kaas check --report json=rep', ['report.json', 'reports']],
    ['scs-kaas check --report=json=rep', ['report.json', 'reports']],
    ['scs-kaas check --kubeconfig ', files],
    ['scs-kaas check --kubeconfig=tw', ['two words.json']],
    ['scs-kaas check --verbose=', []],
    ['scs-kaas check --unknown=', []],
    ['scs-kaas explain ', ['scs-1', 'scs-1/a', 'scs-2']],
    ['scs-kaas explain scs-1/', ['scs-1/a']],
    ['scs-kaas explain --color scs-2', ['scs-2']],
    ['scs-kaas explain scs-1 ', []],
    ['scs-kaas diff rep', ['report.json', 'reports']],
    ['scs-kaas diff old rep', ['report.json', 'reports']],
    ['scs-kaas diff --expect 3 old rep', ['report.json', 'reports']],
    ['scs-kaas diff --expect=3 old new ', []],
    ['scs-kaas diff -- --expect rep', ['report.json', 'reports']],
    ['scs-kaas diff -- --', []],
    ['scs-kaas merge a b c rep', ['report.json', 'reports']],
    ['scs-kaas "quoted', []],
    ['scs-kaas check --cluster $(touch', []],
  ])('%j', (line, expected) => {
    expect([...replies(line)].sort()).toEqual([...expected].sort());
  });

  test('where "=" and ":" are part of a word', () => {
    const marks = { marks: '' };
    expect(replies('scs-kaas check --cluster=k', marks)).toEqual(['--cluster=kind', '--cluster=kubeconfig']);
    expect(replies('scs-kaas check --kubeconfig=report.', marks)).toEqual(['--kubeconfig=report.json']);
    expect(replies('scs-kaas check --cluster=snapshot:report.', marks)).toEqual(['--cluster=snapshot:report.json']);
    expect(replies('scs-kaas check --cluster ku', marks)).toEqual(['kubeconfig']);
  });
  test('under the strict options of a shell', () => {
    const strict = { options: 'set -euo pipefail' };
    expect(replies('scs-kaas explain --color scs-1/', strict)).toEqual(['scs-1/a']);
    expect(replies('scs-kaas check --cluster=ku', strict)).toEqual(['kubeconfig']);
  });
});

describe('zsh', () => {
  const script = completionScript('zsh', 'scs-kaas', commands);
  test('begins as a file of fpath does', () => expect(script).toMatch(/^#compdef scs-kaas\n/));
  test('describes each command by its first sentence', () => {
    expect(script).toContain(`'check:Checks a cluster'`);
  });
  test('each command has its own options, in both forms', () => {
    const of = (name: string): string => new RegExp(`'${name}'\\)\n([^]*?);;`).exec(script)?.[1] ?? '';
    expect(of('check')).toContain(`'--cluster=[Where the cluster is, e.g. kind]:SOURCE:(kind kubeconfig snapshot\\:)'`);
    expect(of('check')).toContain(`'(--format -o)--format=[Form\\: of \\[output\\]]:format:(table json)'`);
    expect(of('check')).toContain(`'(--format -o)-o+[Form\\: of \\[output\\]]:format:(table json)'`);
    expect(of('check')).toContain(`'*--report=[A report as a file]:report:(json\\= junit\\=)'`);
    expect(of('check')).toContain(`'--kubeconfig=[The file]:kubeconfig:_files'`);
    expect(of('explain')).toContain(`'1:ID:(scs-1 scs-1/a scs-2)'`);
    expect(of('explain')).not.toContain('--cluster');
    expect(of('diff')).toContain(`'1:OLD:_files'`);
    expect(of('diff')).toContain(`'2::NEW:_files'`);
    expect(of('merge')).toContain(`'*:FILE:_files'`);
  });
});

describe('fish', () => {
  const script = completionScript('fish', 'scs-kaas', commands);
  const line = (part: string): string => script.split('\n').find((l) => l.includes(part)) ?? '';
  test('each command is offered where there is none yet', () => {
    expect(line(`-d 'Checks a cluster'`)).toBe(
      `complete -c 'scs-kaas' -n '__scs_kaas_no_command' --arguments '\\'check\\'' -d 'Checks a cluster'`,
    );
  });
  test('each command has its own options', () => {
    expect(line(`-l 'cluster'`)).toBe(
      `complete -c 'scs-kaas' -n '__scs_kaas_command \\'check\\'' -l 'cluster' --require-parameter --no-files --arguments '\\'kind\\' \\'kubeconfig\\' \\'snapshot:\\'' -d 'Where the cluster is, e.g. kind'`,
    );
    expect(line(`-l 'kubeconfig'`)).toContain('--require-parameter --force-files');
    expect(line(`-l 'verbose'`)).toContain(`-s 'v' -d 'Everything; it\\'s $(long)'`);
  });
  test('arguments are offered at their places', () => {
    expect(line(`-d 'ID'`)).toContain(`-n '__scs_kaas_argument \\'explain\\' \\'0\\' \\'0\\'' --no-files --arguments '\\'scs-1\\' `);
    expect(line(`-d 'NEW'`)).toContain(`-n '__scs_kaas_argument \\'diff\\' \\'1\\' \\'1\\' \\'--expect\\'' --force-files`);
    expect(line(`-d 'FILE'`)).toContain(`\\'0\\' \\'9999\\'' --force-files`);
  });
});

describe('whatever is in a table', () => {
  const nasty = `a'b"c$(touch planted)\`touch planted\`\\ ;]:[ %q *`;
  const table: readonly CommandSpec[] = [
    {
      name: nasty,
      summary: nasty,
      arguments: [{ name: nasty, required: true, values: [nasty, 'plain'] }],
      options: [{ name: nasty, short: "'", takes: 'value', values: [nasty], description: `${nasty}\nsecond line` }],
      examples: [],
    },
  ];
  test('bash runs none of it', () => {
    const file = join(folder, 'nasty.bash');
    writeFileSync(file, completionScript('bash', nasty, table));
    const { stdout, stderr } = spawnSync(
      'bash',
      [
        '--norc',
        '-c',
        'source "$0"; COMP_LINE="x a" COMP_POINT=3 COMP_WORDS=(x a) COMP_CWORD=1; "$1"; printf "%s" "${COMPREPLY[0]}"',
        file,
        functionName(nasty),
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    // One word of the shell, which stands for the name.
    expect(execFileSync('bash', ['-c', `printf %s ${stdout}`], { cwd: folder, encoding: 'utf8' })).toBe(nasty);
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('planted');
  });
  test('zsh: each word of the script is closed', () => {
    // Single quotes are the same in both shells: what bash reads as a word, zsh reads as one.
    const words = completionScript('zsh', nasty, table)
      .split('\n')
      .filter((l) => /^ {8}'/.test(l))
      .map((l) => l.trim().replace(/ \\$/, ''));
    expect(words.length).toBe(3);
    for (const word of words)
      expect(execFileSync('bash', ['-c', `set -- ${word}; printf %s $#`], { cwd: folder, encoding: 'utf8' })).toBe('1');
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('planted');
  });
  test('zsh: a word of a list stays one word when it is evaluated', () => {
    const list = /:\((.*)\)'$/m.exec(completionScript('zsh', 'x', table).replaceAll(`'\\''`, "'"))?.[1] ?? '';
    // The colon is unescaped by _arguments before.
    expect(execFileSync('bash', ['-c', `set -- ${list.replaceAll('\\:', ':')}; printf %s "$1"`], { encoding: 'utf8' })).toBe(nasty);
  });
  test('fish: quotes and backslashes are escaped, and each command is one line', () => {
    const lines = completionScript('fish', nasty, table).split('\n');
    for (const l of lines.filter((one) => one.startsWith('complete')))
      // Outside of single quotes, there are only plain words.
      expect(l.replace(/'(?:[^'\\]|\\.)*'/g, '')).toMatch(/^[a-z -]+$/);
    expect(lines.filter((l) => l.startsWith('complete'))).toHaveLength(4);
  });
  test('comments end with their line', () => {
    for (const shell of completionShells) {
      const comments = completionScript(shell, 'a\nb', commands).split('\n').slice(0, 2).join('');
      expect(comments).toContain('a_b');
      expect(comments).toMatch(/^#/);
    }
  });
});
