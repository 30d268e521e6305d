import type { RequirementReport } from '../../src/model/report.js';

type Plain = Record<string, unknown>;

/** A small scope in today's form; parts of it can be replaced. */
export const modulesFile = (parts: Plain = {}): Plain => ({
  uuid: '1fffebe6-fd4b-44d3-a36c-fc58b4bb0180',
  name: 'SCS-compatible KaaS',
  url: 'https://example.org/scope.yaml',
  variables: ['kubeconfig', { execution_mode: 'parallel' }],
  scripts: [
    {
      executable: './run.py',
      args: '-k {kubeconfig}',
      testcases: [{ id: 'cncf-k8s-conformance', lifetime: 'year', section: 'heavy' }, { id: 'version-policy-check' }],
    },
    { testcases: [{ id: 'node-distribution-check' }] },
    { executable: './net.py', testcases: [{ id: 'kaas-networking-check', lifetime: 'month' }] },
  ],
  modules: [
    { id: 'cncf', targets: { main: ['cncf-k8s-conformance'] } },
    { id: 'policy', targets: { main: ['version-policy-check'] } },
    { id: 'nodes', targets: { preview: ['node-distribution-check'] } },
    { id: 'net', targets: { main: ['kaas-networking-check'] } },
  ],
  timeline: [
    { date: '2025-06-01', versions: { v2: 'effective', v1: 'warn' } },
    { date: '2025-01-01', versions: { v2: 'draft', v1: 'effective' } },
  ],
  versions: [
    { version: 'v2', include: ['cncf', 'policy', { ref: 'net', parameters: { a: 'b' } }, 'nodes'] },
    { version: 'v1', stabilized_at: '2025-01-01', include: ['policy'] },
  ],
  ...parts,
});

/** The same in the reworked form. */
export const groupsFile = (parts: Plain = {}): Plain => {
  const { uuid, name, url, scripts, timeline } = modulesFile();
  return {
    uuid,
    name,
    url,
    scripts,
    timeline,
    groups: [
      { id: 'cncf', include: ['cncf-k8s-conformance'] },
      { id: 'policy', include: ['version-policy-check'] },
      { id: 'empty' },
      { id: 'net', include: ['kaas-networking-check', 'version-policy-check'] },
      { id: 'all', include: ['cncf', 'policy', 'empty', 'net'] },
    ],
    versions: [
      { version: 'v2', test: 'all', attn: 1 },
      { version: 'v1', test: 'version-policy-check' },
    ],
    ...parts,
  };
};

/** A requirement of a report, as far as scopes look at it. */
export const outcomeOf = (id: string, parts: Partial<RequirementReport> = {}): RequirementReport => ({
  id,
  standard: id.split('/')[0] ?? '',
  title: id,
  level: 'MUST',
  category: 'certificate',
  outcome: 'pass',
  message: '',
  evidence: [],
  evidenceOmitted: 0,
  rung: 'read',
  clause: '',
  remediation: '',
  severity: 'none',
  ...parts,
});
