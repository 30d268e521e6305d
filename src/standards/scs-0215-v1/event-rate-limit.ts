import type { ApiServerMetrics } from '../../facts/api-server-metrics.js';
import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import { flagList } from '../../facts/support/flags.js';
import { fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import {
  everyServer,
  flagsOfApiServers,
  flagsOfFlagz,
  type Finding,
  type Flagz,
  type ServerFlags,
} from '../support/control-plane-flags.js';

const plugin = 'EventRateLimit';
/** `admission-control` is the old name of the first; not a default plugin, so absence from both is off. */
const enabling = ['enable-admission-plugins', 'admission-control'];
const disabling = 'disable-admission-plugins';

const active = (server: ServerFlags): Finding => {
  const has = (name: string): boolean => flagList(server.flags[name]).includes(plugin);
  if (has(disabling)) return { broken: `${disabling} names ${plugin}` };
  if (enabling.some(has)) return undefined;
  if (!server.absentIsDefault && server.flags['enable-admission-plugins'] === undefined)
    return { unknown: 'no value for enable-admission-plugins' };
  return { broken: `enable-admission-plugins does not name ${plugin}` };
};

const shownFlags = ['enable-admission-plugins', disabling];
const met = `the admission plugin ${plugin} is enabled`;

/** The plugin is enabled in all API servers, as their command lines show. */
export const eventRateLimit = (pods: readonly ControlPlanePod[]): Answer => everyServer(flagsOfApiServers(pods), shownFlags, met, active);

/** The same by the flags in effect of the API server that answered. */
export const eventRateLimitByFlagz = (flagz: Flagz): Answer => everyServer([flagsOfFlagz(flagz)], shownFlags, met, active);

/**
 * The same by the plugins that have handled a write: an absent name counts once another plugin, which every create passes, has a count.
 */
export const eventRateLimitByMetrics = (metrics: ApiServerMetrics): Answer => {
  const evidence: Evidence[] = [
    { source: 'GET /metrics', observed: `admission plugins that handled a write: ${metrics.admissionPlugins.join(', ') || 'none'}` },
  ];
  if (metrics.admissionPlugins.includes(plugin))
    return pass(`the admission plugin ${plugin} has handled writes in the API server that answered`, evidence);
  return metrics.admissionCounted
    ? fail(`the admission plugin ${plugin} has handled no write, while others have`, evidence)
    : undecided('the API server has counted no write since its start: ask again in a minute', evidence);
};
