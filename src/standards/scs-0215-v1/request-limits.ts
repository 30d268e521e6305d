import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerMetrics, type ApiServerMetrics } from '../../facts/api-server-metrics.js';
import { apiServerPods, type ControlPlanePod } from '../../facts/control-plane-pods.js';
import { count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type Rung } from '../../model/requirement.js';
import {
  booleanFlag,
  byFlags,
  everyServer,
  flagsOfApiServers,
  flagsOfFlagz,
  numberFlag,
  type Finding,
  type ServerFlags,
  type Servers,
} from '../support/control-plane-flags.js';

/** The three parameters that the standard names, with the defaults of kube-apiserver. */
const defaults = { 'max-requests-inflight': 400, 'max-mutating-requests-inflight': 200, 'min-request-timeout': 1800 } as const;
type Parameter = keyof typeof defaults;
const parameters = Object.keys(defaults) as Parameter[];
const inFlight = ['max-requests-inflight', 'max-mutating-requests-inflight'] as const satisfies readonly Parameter[];
const fairness = 'enable-priority-and-fairness';

/** With the limits and the switch of priority and fairness: what decides whether anything is limited. */
const limitFlags = [fairness, ...inFlight];

const ofMetrics = (metrics: ApiServerMetrics): Evidence => ({
  source: 'GET /metrics',
  observed:
    metrics.flowControlSeats === null
      ? 'no apiserver_flowcontrol_nominal_limit_seats above 0'
      : `apiserver_flowcontrol_nominal_limit_seats sum up to ${metrics.flowControlSeats}`,
});

const hasSeats = (metrics: ApiServerMetrics): boolean => (metrics.flowControlSeats ?? 0) > 0;
/** Seats answer for the one server that was asked; where its siblings can be seen, their flags answer for them. */
const seatsInEffect = (metrics: ApiServerMetrics): Answer =>
  pass(`a limit is in effect: ${metrics.flowControlSeats ?? 0} seats of priority and fairness in the API server that answered`, [
    ofMetrics(metrics),
  ]);

/** With priority and fairness the two limits add up to the seats; without it each stands alone, and 0 switches it off. */
const limitOf =
  (knownOff: boolean) =>
  (server: ServerFlags): Finding => {
    const limits = inFlight.map((name) => [name, numberFlag(server, name, defaults[name])] as const);
    const unknown = limits.flatMap(([name, value]) => (value === undefined ? [name] : []));
    const on = knownOff ? false : booleanFlag(server, fairness, true);
    if (unknown.length > 0) return { unknown: `no number for ${listed(unknown)}` };
    if (on === undefined) return { unknown: `no value for ${fairness}` };
    const off = limits.flatMap(([name, value]) => (value === 0 ? [name] : []));
    if (off.length === 0 || (on && off.length < limits.length)) return undefined;
    return { broken: `${listed(off)}=0 switches the limit off, and priority and fairness is ${on ? 'left without seats' : 'off'}` };
  };

const limited = (servers: Servers, knownOff: boolean): Answer =>
  everyServer(servers, limitFlags, `a limit is in effect by ${listed(inFlight)}`, limitOf(knownOff));

/**
 * A limit is in effect: by `/metrics` and the flags of all API servers whose pods can be seen.
 * `/metrics` comes from one server of several: a sibling whose flags switch everything off breaks it all the same.
 */
const byMetricsAndPods = (metrics: ApiServerMetrics, pods: readonly ControlPlanePod[]): Answer => {
  const flags = limited(flagsOfApiServers(pods), !hasSeats(metrics));
  if (flags.outcome === 'fail') return { ...flags, evidence: [...flags.evidence, ofMetrics(metrics)] };
  if (hasSeats(metrics)) return seatsInEffect(metrics);
  return flags.outcome === 'pass' ? { ...flags, evidence: [...flags.evidence, ofMetrics(metrics)] } : flags;
};

export const requestLimits: readonly Rung[] = [
  behave({ apiServerMetrics, apiServerPods }, (facts) => byMetricsAndPods(facts.apiServerMetrics, facts.apiServerPods)),
  behave({ apiServerMetrics }, ({ apiServerMetrics: metrics }) =>
    hasSeats(metrics)
      ? seatsInEffect(metrics)
      : undecided('priority and fairness is off in the API server that answered: the in-flight limits decide', [ofMetrics(metrics)]),
  ),
  read({ apiServerPods }, (facts) => limited(flagsOfApiServers(facts.apiServerPods), false)),
  // `/metrics` may know better than the flag: the feature gate switches priority and fairness off too.
  read({ apiServerMetrics, apiServerFlagz }, (facts) => limited([flagsOfFlagz(facts.apiServerFlagz)], !hasSeats(facts.apiServerMetrics))),
  read({ apiServerFlagz }, (facts) => limited([flagsOfFlagz(facts.apiServerFlagz)], false)),
];

const setOrNot = (server: ServerFlags): Finding => {
  const absent = parameters.filter((name) => server.flags[name] === undefined);
  if (absent.length > 0) return { broken: `not set: ${listed(absent.map((name) => `${name} (default ${defaults[name]})`))}` };
  const off = inFlight.filter((name) => numberFlag(server, name, defaults[name]) === 0);
  return off.length > 0 ? { broken: `${listed(off)}=0 switches the limit off` } : undefined;
};

/**
 * Whether they are set where the pods are hidden. `/flagz` shows values in effect: one that differs from the default was set,
 * one that equals it may have been set to it or not at all.
 */
const setByFlagz = (server: ServerFlags): Answer => {
  const shown = (name: Parameter): string => `${name}=${server.flags[name] ?? '(absent)'}`;
  const evidence: Evidence[] = [{ source: server.source, observed: parameters.map(shown).join(', ') }];
  const value = (name: Parameter): number | undefined => numberFlag(server, name, defaults[name]);
  const off = inFlight.filter((name) => value(name) === 0);
  if (off.length > 0) return fail(`${listed(off)}=0 switches the limit off`, evidence);
  const open = parameters.filter((name) => value(name) === undefined || value(name) === defaults[name]);
  if (open.length === 0) return pass(`all three differ from their defaults, so they are set: ${listed(parameters)}`, evidence);
  // Not the last word: with the right to list pods the command line may be there, and the report has to name what is missing.
  return undecided(
    `${count(open.length, 'value')} in effect cannot be told from a default that nobody set: ${listed(open.map(shown))}; the API server's command line is hidden`,
    evidence,
  );
};

/** All three parameters are set, as the command lines of all API servers show. */
export const requestLimitFlags: readonly Rung[] = [
  read({ apiServerPods }, (facts) =>
    everyServer(flagsOfApiServers(facts.apiServerPods), parameters, `all three are set: ${listed(parameters)}`, setOrNot),
  ),
  read({ apiServerFlagz }, (facts) => setByFlagz(flagsOfFlagz(facts.apiServerFlagz))),
];

const onByFlag = (server: ServerFlags): Finding => {
  const on = booleanFlag(server, fairness, true);
  if (on === undefined) return { unknown: `no value for ${fairness}` };
  return on ? undefined : { broken: `${fairness}=${server.flags[fairness] ?? ''}` };
};
const onMet = 'priority and fairness is not switched off by any flag';

const onByMetrics = (metrics: ApiServerMetrics): Answer =>
  hasSeats(metrics)
    ? pass(`priority and fairness is at work in the API server that answered: ${metrics.flowControlSeats ?? 0} seats`, [ofMetrics(metrics)])
    : fail('priority and fairness is off in the API server that answered: it has no seats to give', [ofMetrics(metrics)]);

/**
 * Priority and fairness is on: `/metrics` shows it at work in the server that answered, and no flag of another API server switches it off. By flags
 * alone it is on by default since Kubernetes 1.20. FlowSchema objects prove nothing: they exist with the feature off, too.
 */
export const priorityAndFairness: readonly Rung[] = [
  behave({ apiServerMetrics, apiServerPods }, ({ apiServerMetrics: metrics, apiServerPods: pods }) => {
    const flags = everyServer(flagsOfApiServers(pods), [fairness], onMet, onByFlag);
    return flags.outcome === 'fail' ? { ...flags, evidence: [...flags.evidence, ofMetrics(metrics)] } : onByMetrics(metrics);
  }),
  behave({ apiServerMetrics }, (facts) => onByMetrics(facts.apiServerMetrics)),
  ...byFlags([fairness], onMet, onByFlag),
];
