import { apiServerMetrics, type ApiServerMetrics } from '../../facts/api-server-metrics.js';
import { flagList } from '../../facts/support/flags.js';
import { fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, type Rung } from '../../model/requirement.js';
import { byFlags, type Finding, type ServerFlags } from '../support/control-plane-flags.js';

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

/** By the plugins that have handled a write: an absent name counts once another plugin, which every create passes, has a count. */
const byMetrics = (metrics: ApiServerMetrics): Answer => {
  const evidence: Evidence[] = [
    { source: 'GET /metrics', observed: `admission plugins that handled a write: ${metrics.admissionPlugins.join(', ') || 'none'}` },
  ];
  if (metrics.admissionPlugins.includes(plugin))
    return pass(`the admission plugin ${plugin} has handled writes in the API server that answered`, evidence);
  return metrics.admissionCounted
    ? fail(`the admission plugin ${plugin} has handled no write, while others have`, evidence)
    : undecided('the API server has counted no write since its start: ask again in a minute', evidence);
};

/** The plugin is enabled in all API servers, as their flags or what they have counted show. */
export const eventRateLimit: readonly Rung[] = [
  ...byFlags(['enable-admission-plugins', disabling], `the admission plugin ${plugin} is enabled`, active),
  behave({ apiServerMetrics }, (facts) => byMetrics(facts.apiServerMetrics)),
];
