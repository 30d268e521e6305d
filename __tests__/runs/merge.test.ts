import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleetText } from '../helpers/fleet.js';
import { program } from '../helpers/program.js';

const now = ['--effective-time', '2026-11-26T12:00:00Z'];

describe('scs-kaas merge', () => {
  test('the reports of two runs of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scs-kaas-merge-'));
    const [own, other] = [join(folder, 'own.json'), join(folder, 'other.json')];
    const { stdout: report } = await program(['check', '--cluster', 'embedded', '--offline', '--fail-on', 'never', '--format', 'json']);
    await writeFile(own, report);
    await writeFile(other, fleetText());
    const { stdout, stderr, code } = await program(['merge', own, other, '--format', 'markdown', ...now]);
    expect(stdout).toMatch(/^## ❌ non-compliant: 1 of 2 cluster reports not compliant\n/);
    expect(stdout).toContain('it is about the recorded example, and no cluster of yours');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^exit code 1: own\.json: \d failed: scs-/)]);
    expect(await readFile(own, 'utf8')).toBe(report);
  });

  test('what is wrong with the words is told at once', async () => {
    const { stderr, code, stdout } = await program(['merge', '--format', 'scs-report', '--expect', 'many', '--report', 'jsn=a.json']);
    expect([code, stdout]).toEqual([2, '']);
    for (const words of ['needs FILE…', 'which needs "subject"; set it', '"--expect" is "many"', 'Did you mean "json"?'])
      expect(stderr).toContain(words);
  });

  test('a name that leads nowhere, as a pattern of a shell without a match', async () => {
    const { stdout, code } = await program(['merge', 'reports/*/scs-kaas-report.json', '--format', 'markdown', ...now]);
    expect(stdout).toMatch(/^## ⚠️ incomplete: there is no report of a cluster; 1 file of no use/);
    expect(code).toBe(2);
  });
});
