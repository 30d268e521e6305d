/** An invented standard and the fact that it takes, as CONTRIBUTING tells a contributor to write them: the path of each file, and its text. */

const fact = `import * as z from 'zod/mini';
import { listAll } from '../kubernetes/list.js';
import { defineFact } from '../model/fact.js';
import { bounded } from '../text/bounded.js';

const rawPriorityClass = z.object({ metadata: z.object({ name: z.string() }) });

/** The names of the cluster's PriorityClass objects (\`scheduling.k8s.io/v1\`), sorted. */
export const priorityClasses = defineFact({
  name: 'priority-classes',
  schema: z.readonly(z.array(z.string())),
  permissions: [
    { role: 'read', verb: 'list', group: 'scheduling.k8s.io', resource: 'priorityclasses', why: 'which pods the scheduler prefers' },
  ],
  collect: async ({ api }) => {
    const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
    return (await listAll(api, path, rawPriorityClass, ({ metadata }) => bounded(metadata.name))).sort();
  },
});
`;

const factTest = `import { expect, test } from '@jest/globals';
import { priorityClasses } from '../../src/facts/priority-classes.js';
import { factPorts, ok, refused } from '../helpers/fact-ports.js';

const path = '/apis/scheduling.k8s.io/v1/priorityclasses';

test('names, sorted', async () => {
  const answer = ok({ kind: 'PriorityClassList', metadata: {}, items: [{ metadata: { name: 'b' } }, { metadata: { name: 'a' } }] });
  expect(await priorityClasses.collect(factPorts({ [path]: answer }))).toEqual(['a', 'b']);
});

test('a list that is refused is not an empty one', async () => {
  await expect(priorityClasses.collect(factPorts({ [path]: refused(403, 'no') }))).rejects.toMatchObject({ reason: 'forbidden' });
});
`;

const standard = `import { priorityClasses } from '../facts/priority-classes.js';
import { defineStandard, read } from '../model/requirement.js';

export const scs0299v1 = defineStandard({
  id: 'scs-0299-v1',
  title: 'Priority classes',
  category: 'informative',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0299-v1-priority-classes',
  requirements: [
    {
      id: 'customer-class',
      level: 'SHOULD',
      title: 'A priority class for the workloads of customers exists',
      clause: '#decision',
      remediation: 'Create a PriorityClass named "customer".',
      ladder: [
        read({ priorityClasses }, ({ priorityClasses: names }) =>
          names.includes('customer')
            ? { outcome: 'pass', message: 'PriorityClass "customer" exists.', evidence: [] }
            : { outcome: 'fail', message: 'No PriorityClass is named "customer".', evidence: [] },
        ),
      ],
    },
  ],
});
`;

const standardTest = `import { expect, test } from '@jest/globals';
import { scs0299v1 } from '../../src/standards/scs-0299-v1.js';
import { settleOne } from '../helpers/settle.js';

test.each([
  ['the class of customers', ['customer'], 'pass'],
  ['only a class of Kubernetes', ['system-cluster-critical'], 'fail'],
  ['no class', [], 'fail'],
] as const)('%s', (_, names, outcome) => {
  expect(settleOne(scs0299v1.requirements, 'customer-class', { 'priority-classes': names })).toMatchObject({ outcome });
});
`;

export const factFiles: Readonly<Record<string, string>> = {
  'src/facts/priority-classes.ts': fact,
  '__tests__/facts/priority-classes.test.ts': factTest,
};

export const standardFiles: Readonly<Record<string, string>> = {
  'src/standards/scs-0299-v1.ts': standard,
  '__tests__/standards/scs-0299-v1.test.ts': standardTest,
};

/** What its text asks for, and which row answers: an entry of `__tests__/fixtures/standards.json`. */
const extract = ` {
   "file": "scs-0299-v1-priority-classes.md",
   "id": "scs-0299-v1",
   "status": "Draft",
   "lines": [
    {"section": "Decision", "print": "0123456789ab", "keywords": [{"word": "SHOULD", "rows": ["customer-class"]}]}
   ]
  },
`;

/** The extract of the standards' texts with that of the invented one. @param fixture the text of `__tests__/fixtures/standards.json` */
export const withExtract = (fixture: string): string => fixture.replace('"documents": [\n', `$&${extract}`);

/** The list of standards with the invented one: its import, and the one line. @param index the text of `src/standards/index.ts` */
export const withInvented = (index: string): string =>
  index
    .replace('\n/** THE list', "import { scs0299v1 } from './scs-0299-v1.js';\n\n/** THE list")
    .replace('  scs0217v1,\n', '$&  scs0299v1,\n');
