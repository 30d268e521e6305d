import type { Requirement } from '../../model/requirement.js';
import { scs0210v2 } from '../scs-0210-v2.js';
import { together } from '../support/together.js';

/** What the version policy's official testcase counts: all of it that one cluster settles. */
const policy = scs0210v2.requirements.filter((requirement) => requirement.testcase !== undefined);

/** Updates are regular where the version policy is met: its rules stand there alone. */
export const regularUpdates: Requirement = {
  id: 'regular-updates',
  level: 'MUST',
  title: 'The cluster is updated regularly, by the version policy',
  clause: '#standard',
  remediation: `Upgrade the cluster as ${scs0210v2.id} asks: see its rows for what to do.`,
  ladder: together(
    policy.map(({ id, ladder }) => ({ name: `${scs0210v2.id}/${id}`, ladder })),
    `${scs0210v2.id} is met, as far as one cluster shows it: `,
  ),
  configuredBy: ['kubernetesVersion', 'image', 'version'],
};
