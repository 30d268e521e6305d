import { expect, test } from '@jest/globals';
import { serverVersion } from '../../src/facts/server-version.js';
import { NotAvailable } from '../../src/model/errors.js';
import { factPorts, ok, refused, type Answer } from '../helpers/fact-ports.js';

/** As a 1.36 API server answers, with the emulation fields of KEP-4330. */
const answer = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: 'abc',
  goVersion: 'go1.26',
  platform: 'linux/amd64',
};
const collect = (reply: Answer): Promise<unknown> => serverVersion.collect(factPorts({ '/version': reply }));

test('the version that runs, not the one that is emulated, and nothing else', async () => {
  expect(await collect(ok(answer))).toEqual({ gitVersion: 'v1.36.3' });
});

test('a version without an end is cut', async () => {
  expect(await collect(ok({ ...answer, gitVersion: 'v'.repeat(100_000) }))).toEqual({ gitVersion: 'v'.repeat(200) });
});

test.each([
  ['forbidden', refused(403, 'forbidden'), 'forbidden'],
  ['not logged in', refused(401, 'Unauthorized'), 'unauthorized'],
  ['a web page', ok('<html></html>'), 'malformed'],
  ['without a version', ok({ major: '1', minor: '36' }), 'malformed'],
  ['a number', ok({ gitVersion: 1.36 }), 'malformed'],
  ['nobody there', new NotAvailable('unreachable', 'refused'), 'unreachable'],
])('%s', async (_, reply, reason) => {
  await expect(collect(reply)).rejects.toMatchObject({ reason });
});
