import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/model/report.js';
import { readAccount, type Account } from '../../src/compliance-monitor/account.js';
import { uploadReport, type Upload, type UploadOptions, type UploadRuntime } from '../../src/compliance-monitor/upload.js';
import { formatUpload, formatUploadMarkdown, uploadWarning } from '../../src/compliance-monitor/format.js';
import { scsReportText } from '../../src/reporters/scs-report-text.js';
import { createOutward } from '../../src/kubernetes/outward.js';
import { kaasScope, startMonitor, type MonitorDouble, type MonitorTrouble } from '../helpers/monitor.js';
import { handIn as run, mixed, reportWith } from '../helpers/official.js';
import { hasKeygen, madeKey, type SigningKey } from '../helpers/signing-keys.js';
import { outcomeOf } from '../helpers/scope.js';

const now = new Date('2026-11-22T11:00:00Z');
const password = 'the-passw0rd-of-example';

/** A report, by the outcome of the one requirement for NetworkPolicy, as it was looked at. */
const network = (outcome: 'pass' | 'fail' | 'abort', checkedAt: string): Report['requirements'] => [
  outcomeOf('scs-0219-v1/network-policy', { rung: 'e2e', outcome, message: 'as it is', checkedAt }),
];
let runs = 0;
const textOf = (requirements: Report['requirements'], { subject = 'example-cloud' }: { readonly subject?: string } = {}): string => {
  const report = reportWith(requirements);
  runs++;
  return scsReportText(report, report.official!, {
    ...run,
    subject,
    runId: `0c2f4d2a-5815-4b26-a403-${runs.toString(16).padStart(8, '0')}0000`,
  });
};

const title = `uploading${hasKeygen ? '' : ' (skipped: this machine has no ssh-keygen; package openssh-client)'}`;
(hasKeygen ? describe : describe.skip)(title, () => {
  let key: SigningKey;
  let other: SigningKey;
  let monitor: MonitorDouble;
  let directory: string;
  beforeAll(() => {
    [key, other] = [madeKey(), madeKey()];
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'scs-kaas-hand-in-'));
    monitor = await startMonitor({ now: () => now });
    monitor.accounts.set('example-cloud', { password, keys: [key.open], delegates: ['carrier'] });
    monitor.accounts.set('other-cloud', { password: 'another', keys: [other.open] });
    monitor.accounts.set('carrier', { password: 'carriers', keys: [key.open], appendAny: true });
  });
  afterEach(async () => {
    await monitor.close();
    // Nothing of the key stays, whatever came of it.
    expect(readdirSync(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });
  const accountOf = (token: string): Account => {
    const read = readAccount(token);
    if ('problem' in read) throw new Error(read.problem);
    return read;
  };
  const send = (text: string, options: Partial<UploadOptions> = {}, world: Partial<UploadRuntime> = {}): Promise<Upload> =>
    uploadReport(
      text,
      {
        url: new URL(monitor.url),
        account: accountOf(`example-cloud:${password}`),
        key: key.text,
        dryRun: false,
        leaveOut: 'aborted',
        ...options,
      },
      {
        directory,
        env: process.env,
        signal: new AbortController().signal,
        now: () => now,
        send: createOutward({}, () => undefined),
        ...world,
      },
    );
  const posts = (): number => monitor.asked.filter(({ line }) => line.startsWith('POST')).length;
  const plague = (...troubles: readonly (MonitorTrouble | 'forever')[]): void => void monitor.troubles.push(...troubles);

  test('a report: each document on its own, what aborted left out, and it counts', async () => {
    const handed = await send(textOf(mixed));
    expect(handed).toMatchObject({
      status: 'counted',
      message: '',
      verdicts: [{ subject: 'example-cloud', verdict: 'FAIL' }],
      leftOut: [{ id: 'version-policy-check' }],
    });
    expect(handed.documents.map(({ status, effects }) => [status, effects])).toEqual([
      ['counted', [{ id: 'kaas-networking-check', verdict: 'FAIL', counts: true, note: '' }]],
      ['counted', [{ id: 'cncf-k8s-conformance', verdict: 'PASS', counts: true, note: '' }]],
    ]);
    expect(posts()).toBe(2);
    expect(monitor.stored.map(({ results }) => results)).toEqual([{ 'kaas-networking-check': -1 }, { 'cncf-k8s-conformance': 1 }]);
    const { headers, body } = monitor.asked.find(({ line }) => line === 'POST /reports')!;
    expect(headers['content-type']).toBe('application/x-signed-yaml');
    expect(body).toMatch(/^-----BEGIN SSH SIGNATURE-----\n[^-]+-----END SSH SIGNATURE-----\n&---\n/);
    expect(
      monitor.asked.filter(({ line }) => line.startsWith('GET /status')).every((asked) => asked.headers.authorization === undefined),
    ).toBe(true);
    expect(uploadWarning(handed)).toBeUndefined();
  });

  test('what aborted is uploaded where that is asked for, and takes the place of an earlier pass', async () => {
    await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    const aborted = textOf(network('abort', '2026-11-21T10:00:00Z'));
    const left = await send(aborted);
    expect(left).toMatchObject({ status: 'not-sent', message: expect.stringContaining('every testcase aborted') as unknown });
    expect(uploadWarning(left)).toContain('every testcase aborted');
    const handed = await send(aborted, { leaveOut: 'nothing' });
    expect(handed.documents[0]?.effects).toEqual([{ id: 'kaas-networking-check', verdict: 'ABORT', counts: true, note: '' }]);
  });

  test('an older result than the one that is there is stored and does not count', async () => {
    await send(textOf(network('fail', '2026-11-21T10:00:00Z')));
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed.status).toBe('stored');
    expect(handed.documents[0]?.effects[0]).toEqual({
      id: 'kaas-networking-check',
      verdict: 'PASS',
      counts: false,
      note: 'FAIL of 2026-11-21 10:00:00 counts instead, which is newer',
    });
    expect(uploadWarning(handed)).toContain('FAIL of 2026-11-21 10:00:00 counts instead');
  });

  test('a result whose time is over, and a scope that the monitor does not know, are stored without a word, and told', async () => {
    const old = await send(textOf(network('pass', '2026-10-02T10:00:00Z')).replace('2026-10-02 10', '2026-09-02 10'));
    expect(old.documents[0]).toMatchObject({
      status: 'stored',
      effects: [{ counts: false, note: expect.stringContaining('too old') as unknown }],
    });
    const foreign = textOf(network('pass', '2026-11-20T10:00:00Z')).replaceAll(kaasScope, '1fffebe6-fd4b-44d3-a36c-fc58b4bb0181');
    expect((await send(foreign)).documents[0]).toMatchObject({ status: 'stored', effects: [{ counts: false }] });
  });

  test('the same once more is there already: no failure', async () => {
    const text = textOf(mixed);
    await send(text);
    const handed = await send(text);
    expect(handed.status).toBe('counted');
    expect(handed.documents.map(({ message }) => message)).toEqual(Array(2).fill('a report with this id is there already'));
    expect(monitor.stored).toHaveLength(2);
  });

  test('results of one end-to-end run, judged by a later run: the same counts; another verdict of the same moment does not', async () => {
    await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    const again = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(again).toMatchObject({
      status: 'counted',
      documents: [{ effects: [{ counts: true, note: 'uploaded before, of the same moment' }] }],
    });
    const other = await send(textOf(network('fail', '2026-11-20T10:00:00Z')));
    expect(other.documents[0]?.effects[0]).toMatchObject({
      counts: false,
      note: 'PASS of 2026-11-20 10:00:00 counts instead, of the same moment',
    });
  });

  test('another report under the same id is not this one', async () => {
    const text = textOf(network('fail', '2026-11-20T10:00:00Z'));
    await send(text);
    const handed = await send(text.replace('kaas-networking-check: -1', 'kaas-networking-check: 1'));
    expect(handed.documents[0]).toMatchObject({
      status: 'stored',
      effects: [{ counts: false, note: 'another report with the same id is there: FAIL' }],
    });
  });

  test.each<[string, Partial<UploadOptions>, string]>([
    [
      'a wrong password',
      { account: { name: 'example-cloud', password: 'x', authorization: `Basic ${btoa('example-cloud:x')}` } },
      'account or password are wrong',
    ],
    [
      'an unknown account',
      { account: { name: 'nobody', password: 'x', authorization: `Basic ${btoa('nobody:x')}` } },
      'account or password are wrong',
    ],
    [
      'the login of another subject',
      { account: { name: 'other-cloud', password: 'another', authorization: `Basic ${btoa('other-cloud:another')}` } },
      'none of the keys',
    ],
  ])('%s: refused once, with its cause', async (_, options, words) => {
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')), options);
    expect(handed.documents[0]).toMatchObject({ status: 'refused', message: expect.stringContaining(words) as unknown });
    expect([posts(), handed.status, monitor.stored]).toEqual([1, 'refused', []]);
    expect(uploadWarning(handed)).toContain(words);
  });

  test('what is so of all documents is asked for one alone', async () => {
    const handed = await send(textOf(mixed), { key: other.text });
    expect(handed.documents.map(({ status, message }) => [status, message])).toEqual([
      ['refused', expect.stringContaining('none of the keys')],
      ['refused', 'not tried, as the same would have come of it'],
    ]);
    expect([posts(), handed.verdicts]).toEqual([1, []]);
  });

  test('a report of several subjects: each is asked for and told by itself', async () => {
    const carrier = { account: accountOf('carrier:carriers') };
    const texts = ['example-cloud', 'other-cloud'].map((subject) => textOf(network('pass', '2026-11-20T10:00:00Z'), { subject }));
    const handed = await send(texts.join(''), carrier);
    expect(handed.documents.map(({ subject, status }) => [subject, status])).toEqual([
      ['example-cloud', 'counted'],
      ['other-cloud', 'refused'],
    ]);
    expect(handed).toMatchObject({ status: 'refused', verdicts: [{ subject: 'example-cloud', verdict: 'MISSING' }] });
    expect(await send(texts.join(''), { subject: 'example-cloud' })).toMatchObject({ status: 'not-sent' });
  });

  test('a key that the account does not have', async () => {
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')), { key: other.text });
    expect(handed.documents[0]).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('none of the keys of the account') as unknown,
    });
  });

  test('a subject that is not the account’s', async () => {
    const account = accountOf(`example-cloud:${password}`);
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z'), { subject: 'nobody' }), { account });
    expect(handed.documents[0]?.message).toContain('may not upload for this subject');
  });

  test('a delegate uploads with its own login and key; a copy cannot be compared by it, and the status tells', async () => {
    const carrier = { account: accountOf('carrier:carriers') };
    const text = textOf(network('pass', '2026-11-20T10:00:00Z'));
    expect(await send(text, carrier)).toMatchObject({
      status: 'counted',
      notes: ['By the account carrier, for the subject example-cloud.'],
    });
    const again = await send(text, carrier);
    expect([again.status, again.documents[0]?.message]).toEqual(['counted', 'a report with this id is there already']);
    const foreign = await send(textOf(network('pass', '2026-11-20T10:00:00Z'), { subject: 'other-cloud' }), carrier);
    expect(foreign.documents[0]?.message).toContain('this subject is none of them');
  });

  test.each<MonitorTrouble>(['stored-cut', 'stored-502', 'stored-hang'])(
    'stored without an answer (%s): the status tells',
    async (trouble) => {
      plague(trouble);
      const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')), {}, { requestMs: 500 });
      expect(handed.documents[0]).toMatchObject({ status: 'counted' });
      expect(posts()).toBe(1);
    },
  );

  test.each<[MonitorTrouble, string]>([
    ['500', 'the monitor failed (500)'],
    ['502', 'does not reach it (502)'],
    ['503-html', 'does not reach it (503)'],
    ['429', 'too often (429)'],
  ])('%s: one try, and nobody knows', async (trouble, words) => {
    plague(trouble);
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed.documents[0]).toMatchObject({ status: 'unknown', message: expect.stringContaining(words) as unknown });
    expect(posts()).toBe(1);
  });

  test.each<[MonitorTrouble, string]>([
    ['redirect', 'sends on to https://elsewhere.example.org (308)'],
    ['login-page', 'no compliance monitor'],
    ['413', 'too large'],
  ])('%s: refused once, and the login goes nowhere else', async (trouble, words) => {
    plague(trouble);
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed.documents[0]).toMatchObject({ status: 'refused', message: expect.stringContaining(words) as unknown });
    expect(posts()).toBe(1);
  });

  test('an answer without an end is not read to it', async () => {
    plague('flood', 'forever');
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed.documents[0]).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('larger than what is read') as unknown,
    });
  });

  test('a monitor that hangs costs the deadline of its requests and nothing more', async () => {
    plague('hang', 'forever');
    const begun = performance.now();
    const handed = await send(textOf(mixed), {}, { requestMs: 300 });
    expect(performance.now() - begun).toBeLessThan(6_000);
    expect(handed.documents.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(uploadWarning(handed)).toContain('the monitor gave no answer');
  });

  test('nothing listens: unknown, with the cause', async () => {
    await monitor.close();
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed).toMatchObject({ status: 'unknown', documents: [{ message: expect.stringContaining('connection refused') as unknown }] });
  });

  test('a certificate that nobody has signed: nothing is asked', async () => {
    const { createAuthority } = await import('../helpers/certificates.js');
    const tls = await startMonitor({ tls: createAuthority().issue({ altNames: ['127.0.0.1'] }) });
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')), { url: new URL(tls.url) });
    expect(handed.documents[0]?.message).toContain('not signed by a CA that Node trusts');
    expect(tls.asked).toEqual([]);
    await tls.close();
  });

  test('the status fails: stored, and whether it counts is not known', async () => {
    monitor.statusFails = true;
    const handed = await send(textOf(network('pass', '2026-11-20T10:00:00Z')));
    expect(handed).toMatchObject({
      status: 'stored',
      documents: [{ message: expect.stringContaining('whether it counts is not known: it answers 500') as unknown }],
    });
  });

  test('a dry run signs, verifies, and asks nobody anything', async () => {
    const handed = await send(textOf(mixed), { dryRun: true });
    expect(handed).toMatchObject({
      status: 'dry-run',
      leftOut: [{ id: 'version-policy-check' }],
      signedBy: expect.stringMatching(/^SHA256:/) as unknown,
    });
    expect(handed.documents.map(({ status }) => status)).toEqual(['dry-run', 'dry-run']);
    expect(monitor.asked).toEqual([]);
    expect(uploadWarning(handed)).toBeUndefined();
  });

  test.each<[string, string, Partial<UploadOptions>, Partial<UploadRuntime>, string]>([
    ['a report that is none', 'hello: world\n', {}, {}, 'is not as the monitor takes it'],
    ['a report of tomorrow', textOf(mixed), {}, { now: () => new Date('2026-11-20T00:00:00Z') }, 'which is to come'],
    ['a report of another subject', textOf(mixed), { subject: 'elsewhere' }, {}, 'and not of elsewhere'],
    ['a key that ssh-keygen does not read', textOf(mixed), { key: 'rubbish' }, {}, 'ssh-keygen does not read the key'],
    ['no ssh-keygen', textOf(mixed), {}, { env: { PATH: '/nowhere' } }, 'ssh-keygen is not on the PATH'],
  ])('%s: not sent, with the cause', async (_, text, options, world, words) => {
    const handed = await send(text, options, world);
    expect(handed).toMatchObject({ status: 'not-sent', message: expect.stringContaining(words) as unknown });
    expect(monitor.asked).toEqual([]);
    expect(uploadWarning(handed)).toContain(words);
  });

  test('what will not count for long is told, also of what was uploaded before', async () => {
    await send(textOf(network('pass', '2026-10-05T10:00:00Z')));
    const handed = await send(textOf([outcomeOf('scs-0201-v1/conformance', { rung: 'e2e', checkedAt: '2026-11-20T02:00:00Z' })]));
    expect(handed.reminders).toEqual(['kaas-networking-check: its PASS of 2026-10-05 stops to count on 2026-12-01, in 9 days']);
    expect(formatUpload(handed).join('\n')).toContain('Upload again soon: kaas-networking-check');
  });

  test('what servers say is harmless in every text, and nothing of login and key is in any', async () => {
    plague('503-html', 'forever');
    const handed = await send(textOf(mixed));
    const texts = [...formatUpload(handed), formatUploadMarkdown(handed), uploadWarning(handed) ?? ''];
    for (const text of texts) {
      // eslint-disable-next-line no-control-regex -- what must not be there
      expect(text).not.toMatch(/<script|\u001b|^::/m);
      for (const secret of [password, btoa(`example-cloud:${password}`), key.text.split('\n')[2]!]) expect(text).not.toContain(secret);
    }
  });
});
