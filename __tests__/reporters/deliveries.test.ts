import { expect, test } from '@jest/globals';
import { clusterReporters, fleetReporters, parseReports, toDeliveries, toFleetDeliveries } from '../../src/reporters/index.js';
import { demoOptions, realisticReport } from '../helpers/report.js';
import { mergedOf } from '../helpers/fleet.js';

const options = { ...demoOptions, snapshot: '{}' };

test('the log first, then annotations, summary and files, the comment last', () => {
  const { selected } = parseReports(['comment', 'json', 'junit=a.xml', 'annotations', 'summary', 'log'], clusterReporters, 'x');
  const deliveries = toDeliveries(selected, realisticReport(), options);
  expect(deliveries.map(({ kind }) => kind)).toEqual(['log', 'annotations', 'summary', 'file', 'file', 'comment']);
  expect(deliveries.filter((d) => d.kind === 'file')).toMatchObject([
    { format: 'json', name: 'scs-kaas-report.json', path: undefined },
    { format: 'junit', name: 'scs-kaas-junit.xml', path: 'a.xml' },
  ]);
});

test('a file has no colours, whatever the terminal', () => {
  const { selected } = parseReports(['table', 'log'], clusterReporters, 'x');
  const [log, table] = toDeliveries(selected, realisticReport(), { ...options, colour: true, width: 60 });
  const escape = String.fromCharCode(0x1b);
  expect(log?.kind === 'log' && log.text.includes(escape)).toBe(true);
  expect(table?.kind === 'file' && table.text.includes(escape)).toBe(false);
});

test('what cannot be made is left out: no facts, no subject', () => {
  const { selected } = parseReports(['snapshot', 'scs-report'], clusterReporters, 'x');
  expect(toDeliveries(selected, realisticReport(), demoOptions)).toEqual([]);
  expect(toDeliveries(selected, realisticReport(), options)).toMatchObject([{ format: 'snapshot', text: '{}' }]);
});

test('several clusters in every form that is offered', () => {
  const merged = mergedOf([{ uid: 'u-1' }, { name: 'beta', uid: 'u-2' }]);
  const all = fleetReporters.filter(({ name }) => name !== 'scs-report').map((reporter) => ({ reporter }));
  expect(toFleetDeliveries(all, merged, options).map((d) => (d.kind === 'file' ? d.format : d.kind))).toEqual([
    'log',
    'summary',
    ...all.flatMap(({ reporter }) => (reporter.medium === 'file' ? [reporter.name] : [])),
    'comment',
  ]);
  expect(
    toFleetDeliveries(
      [...clusterReporters].map((reporter) => ({ reporter })),
      merged,
      options,
    ),
  ).toHaveLength(all.length);
});
