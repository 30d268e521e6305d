/** The rooms of src/, and what each may import of the others beside itself: docs/architecture.md. Nothing else is allowed. */
export const rooms = {
  model: [],
  text: ['model'],
  system: ['model', 'text'],
  tools: ['model', 'text', 'system'],
  kubernetes: ['model', 'text', 'system'],
  facts: ['model', 'text', 'kubernetes'],
  standards: ['model', 'text', 'facts', 'kubernetes'],
  'certificate-scope': ['model', 'text'],
  evaluation: ['model', 'text', 'facts', 'standards', 'certificate-scope'],
  fleet: ['model', 'text'],
  reporters: ['model', 'text'],
  sources: ['model', 'text', 'system', 'tools', 'kubernetes'],
  probes: ['model', 'text', 'system', 'kubernetes', 'facts'],
  conformance: ['model', 'text', 'system', 'tools', 'kubernetes', 'facts', 'probes'],
  github: ['model', 'text', 'system'],
  'compliance-monitor': ['model', 'text', 'system', 'tools'],
  inputs: ['model', 'text', 'system', 'facts', 'standards', 'certificate-scope', 'evaluation', 'compliance-monitor'],
};
const below = Object.keys(rooms);
rooms.run = below;
rooms.action = [...below, 'run'];
rooms.cli = [...below, 'run'];

/** Rooms whose functions are functions of their arguments. */
export const pure = ['model', 'text', 'standards', 'evaluation', 'certificate-scope', 'fleet', 'reporters'];
/** Rooms that load what only some runs need when they need it. */
const lazy = ['action', 'cli', 'run'];

const folder = (...names) => `^src/(${names.join('|')})/`;
const entry = '^src/(index|post|cli)\\.ts$';
const known = Object.keys(rooms);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycle', comment: 'Imports of types count.', severity: 'error', from: {}, to: { circular: true } },
    ...known.map((room) => ({
      name: `room-${room}`,
      comment: `${room} may import ${rooms[room].join(', ') || 'no other room'}.`,
      severity: 'error',
      from: { path: folder(room) },
      to: { path: '^src/', pathNot: folder(room, ...rooms[room]) },
    })),
    {
      name: 'entry',
      comment: 'An entry starts an action or the command line.',
      severity: 'error',
      from: { path: entry },
      to: { path: '^src/', pathNot: folder('action', 'cli') },
    },
    {
      name: 'no-other-room',
      comment: 'Every file is in a room, or is one of the three entries.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `${folder(...known)}|${entry}` },
    },
    {
      name: 'pure',
      comment: 'Pure rooms touch nothing of the world.',
      severity: 'error',
      from: { path: folder(...pure) },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?util$' },
    },
    {
      name: 'pure-actions',
      comment: 'Pure rooms touch nothing of the world.',
      severity: 'error',
      from: { path: folder(...pure) },
      to: { path: '(^|/)@actions/' },
    },
    {
      name: 'dynamic',
      comment: 'What is loaded late is loaded by those that put the parts together.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${folder(...lazy)}|${entry}` },
      to: { dynamic: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
