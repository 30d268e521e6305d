import { expect, test } from '@jest/globals';
import { scs0201v1 } from '../../src/standards/scs-0201-v1.js';
import { settleOne } from '../helpers/settle.js';

test('conformance is missing, and counts for its official testcase', () => {
  expect(settleOne(scs0201v1.requirements, 'conformance', {})).toMatchObject({
    outcome: 'missing',
    level: 'MUST',
    testcase: 'cncf-k8s-conformance',
    nextStep: expect.stringContaining('tier: heavy'),
  });
  expect(scs0201v1.category).toBe('certificate');
});
