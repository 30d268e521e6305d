import { describe, expect, test } from '@jest/globals';
import { apiServerMetrics, parseMetrics } from '../../src/facts/api-server-metrics.js';
import { factPorts, ok } from '../helpers/fact-ports.js';
import { outcomeOf } from '../helpers/asked.js';
import { recordingOf } from '../helpers/recorded-cluster.js';

const recorded = (name: 'good' | 'weak'): string => String(recordingOf(name).answers.find((a) => a.path === '/metrics')?.body);
const process = 'process_start_time_seconds 1.7e+09\n';

test('of a real API server: the plugins and authorizers that have worked, and all seats', () => {
  const { admissionPlugins, ...rest } = parseMetrics(recorded('good'));
  expect(rest).toEqual({ admissionCounted: true, authorizers: ['Node', 'RBAC'], flowControlSeats: 602 });
  expect(admissionPlugins).toEqual(expect.arrayContaining(['NamespaceLifecycle', 'NodeRestriction', 'PodSecurity']));
  expect(parseMetrics(recorded('weak')).admissionPlugins).not.toContain('NodeRestriction');
});

test.each([
  [
    'counts of 0, and what is no number',
    'apiserver_flowcontrol_nominal_limit_seats{a="b"} 0\napiserver_flowcontrol_nominal_limit_seats{a="c"} NaN\n',
    null,
  ],
  ['a sum over levels', 'apiserver_flowcontrol_nominal_limit_seats{a="b"} 4\napiserver_flowcontrol_nominal_limit_seats{a="c"} 5e+01\n', 54],
  [
    'by the name of 1.25 and before',
    'apiserver_flowcontrol_request_concurrency_limit{priority_level="a"} 245\napiserver_flowcontrol_request_concurrency_limit{priority_level="b"} 5\n',
    250,
  ],
  [
    'by both names, counted once',
    'apiserver_flowcontrol_nominal_limit_seats{priority_level="a"} 49\napiserver_flowcontrol_request_concurrency_limit{priority_level="a"} 49\n',
    49,
  ],
])('seats: %s', (_title, text, seats) => {
  expect(parseMetrics(text + process).flowControlSeats).toBe(seats);
});

describe('what is no whole answer of an API server', () => {
  test.each([
    ['nothing', ''],
    ['another program', 'node_cpu_seconds_total{cpu="0"} 362812.7\nprocess_start_time_seconds 1\n'],
    ['a page', '<html></html>'],
  ])('%s', async (_title, text) => {
    expect(await outcomeOf(apiServerMetrics, factPorts({ '/metrics': ok(text) }))).toMatchObject({ unavailable: 'malformed' });
  });
  // A proxy that ends the body early is not seen by HTTP: what comes later would look as if it were not there.
  test.each([0.1, 0.3, 0.5, 0.7, 0.9])('cut after %d of it', async (part) => {
    const text = recorded('good');
    const end = text.search(/^# HELP (go|process)_|^(go|process)_/m);
    expect(end).toBeGreaterThan(text.lastIndexOf('\napiserver_'));
    expect(await outcomeOf(apiServerMetrics, factPorts({ '/metrics': ok(text.slice(0, end * part)) }))).toMatchObject({
      unavailable: 'malformed',
    });
  });
});
