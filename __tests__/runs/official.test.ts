import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { program } from '../helpers/program.js';
import { recordAs } from '../helpers/recording.js';
import { groupsFile, modulesFile } from '../helpers/scope.js';
import { workflowStep } from '../helpers/workflow-step.js';

const write = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'scs-kaas-official-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
};
const statements = (...entries: readonly Record<string, string>[]): string =>
  stringify({
    statements: entries.map((e) => ({ kind: 'waived', author: 'Ops', date: '2026-01-01', expires: '2036-01-01', reason: 'r', ...e })),
  });
const check = ['check', '--offline', '--cluster'];

describe('the command line', () => {
  test('the recorded example: the official verdict by the bundled facts', async () => {
    const { stdout } = await program([...check, 'embedded', '--fail-on', 'never', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      official: { verdict: 'MISSING', version: 'v1', scope: { name: 'SCS-compatible KaaS', form: 'modules' } },
    });
  });

  test('a scope file with dates as YAML has them, and a waiver', async () => {
    // Upstream writes its dates without quotes.
    const scope = stringify(groupsFile()).replaceAll(/"(\d{4}-\d{2}-\d{2})"/g, '$1');
    const folder = await write({ 'scope.yaml': scope, 's.yaml': statements({ requirement: 'scs-0210-v2/patch-recency' }) });
    const snapshot = join(folder, 'snapshot.json');
    await recordAs(snapshot, 'kubeconfig');
    const { stdout, stderr, code } = await program([
      ...[...check, `snapshot:${snapshot}`, '--format', 'json', '--standards', 'scs-0210-v2'],
      ...['--set', `data.certificateScope=${join(folder, 'scope.yaml')}`, '--statements', join(folder, 's.yaml')],
    ]);
    expect([stderr, code]).toEqual(['', 0]);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ verdict: 'non-compliant', official: { verdict: 'FAIL', scope: { form: 'groups' } } });
    expect(report['caveats']).toContainEqual('Failed, and waived by a statement: scs-0210-v2/patch-recency (until 2036-01-01).');
  });

  test('everything that is wrong with any file is told at once', async () => {
    const folder = await write({
      'scope.yaml': stringify(modulesFile({ modles: [] })),
      's.yaml': statements({ requirement: 'scs-0210-v2/patch-recencies' }),
      'broken.yaml': 'a: [',
    });
    const file = (name: string): string => join(folder, name);
    const { stdout, stderr, code } = await program([
      ...[...check, 'embedded', '--set', `data.certificateScope=${file('scope.yaml')}`, '--statements', file('s.yaml')],
      ...['--source-files', `${file('none.yaml')},${file('neither.yaml')}`],
    ]);
    expect([stdout, code]).toEqual(['', 2]);
    for (const words of ['none.yaml', 'neither.yaml', 'unknown key "modles"', 'Did you mean "scs-0210-v2/patch-recency"'])
      expect(stderr).toContain(words);
    expect((await program([...check, 'embedded', '--set', `data.certificateScope=${file('broken.yaml')}`])).stderr).toContain(
      'is no valid YAML, line 1',
    );
  });

  test('upstream’s report: with a subject, of a cluster and not of the example', async () => {
    const folder = await write({});
    const snapshot = join(folder, 'snapshot.json');
    await recordAs(snapshot, 'kubeconfig');
    const { recordedAt } = JSON.parse(await readFile(snapshot, 'utf8')) as { recordedAt: string };
    const ask = (...more: readonly string[]) =>
      program([...check, `snapshot:${snapshot}`, '--format', 'scs-report', '--fail-on', 'never', ...more]);
    const { stdout, stderr } = await ask('--subject', 'cloud');
    expect(stderr).toBe('');
    expect(stdout).toContain(`checked_at: ${recordedAt.slice(0, 10)} `);
    expect(parse(stdout)).toMatchObject({
      subject: 'cloud',
      reference_date: recordedAt.slice(0, 10),
      run: { argv: ['scs-kaas', 'check', '--tier', 'light'] },
    });
    // What was judged as of another day is no report of that day.
    const later = await ask('--subject', 'cloud', '--effective-time', '2036-01-01');
    expect([later.stdout, later.code]).toEqual(['', 2]);
    expect(later.stderr).toContain('judged as of 2036-01-01');
    expect((await ask()).stderr).toContain('"scs-report", which needs "subject"; set it');
    expect((await ask('--subject', 'a b')).stderr).toContain('Option "--subject" is "a b"');
    expect((await program([...check, 'embedded', '--subject', 'cloud'])).stderr).toContain('the recorded example is no cluster of yours');
  });

  test.each([
    ['the example', 'embedded', 'the recorded example, and no cluster of yours'],
    ['a kind cluster', 'kind', 'a kind cluster, which says nothing about a provider'],
  ])('a recording of %s is no provider’s cluster, nor is one that is made of it', async (_, source, problem) => {
    const folder = await write({});
    const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')];
    await recordAs(first, source);
    await program(['record', second, '--cluster', `snapshot:${first}`]);
    for (const file of [first, second]) {
      const replay = [...check, `snapshot:${file}`, '--fail-on', 'never', '--format'];
      const { stdout, stderr, code } = await program([...replay, 'scs-report', '--subject', 'cloud']);
      expect([stdout, code]).toEqual(['', 2]);
      expect(stderr).toContain(`Cannot write the report for the compliance monitor: this run is about ${problem}.`);
      // Without a subject it is judged as ever, and says what it is.
      expect(JSON.parse((await program([...replay, 'json'])).stdout)).toMatchObject({ cluster: { source } });
    }
  });
});

describe('the action', () => {
  test('a recording with a subject: upstream’s report is a file beside the others', async () => {
    const folder = await write({});
    const snapshot = join(folder, 'snapshot.json');
    await recordAs(snapshot, 'kubeconfig');
    const inputs = { cluster: `snapshot:${snapshot}`, offline: 'true', 'fail-on': 'never' };
    const step = await workflowStep({ ...inputs, subject: 'cloud' });
    expect(step.files['scs-report.yaml']).toContain('subject: cloud\n');
    expect(step.outputs).toMatch(/report-files<<\S+\n.*"scs-report":"[^"]*scs-report\.yaml"/);
    expect(step.outputs).toMatch(/official-verdict<<\S+\nFAIL/);
    expect(step.summary).toContain('### Official verdict');
    const without = await workflowStep(inputs);
    expect(Object.keys(without.files)).not.toContain('scs-report.yaml');
    expect(without.outputs).not.toContain('scs-report.yaml');
  });
});
