import type { E2eException, E2eResults } from '../../facts/e2e-results.js';
import { pluginOf } from '../../facts/support/e2e-exceptions.js';
import { knownWorkloads } from '../../facts/support/known-workloads.js';
import type { NetworkPlugins } from '../../facts/support/network-plugins.js';
import { count, listed, type Evidence } from '../../model/outcome.js';

const titleOf = (id: string): string => knownWorkloads.find((known) => known.id === id)?.title ?? id;

/** Canal is Flannel's network with Calico's policies: what holds for Calico's policies holds for it. */
const idsOf = ({ known }: NetworkPlugins): readonly string[] => known.flatMap(({ id }) => (id === 'canal' ? [id, 'calico'] : [id]));

/**
 * What is to be said of an exception that was made for a network plugin which is not known to run here; undefined where there is nothing to
 * be said. It tolerates all the same: upstream's list makes no difference between plugins, and its verdict follows from the list.
 */
export const strangerOf = (exception: E2eException, plugins: NetworkPlugins): string | undefined => {
  const plugin = pluginOf(exception);
  if (plugin === undefined || idsOf(plugins).includes(plugin)) return undefined;
  const here =
    plugins.known.length === 0 ? 'which network plugin runs here is not known' : `here runs ${listed(plugins.known.map((k) => k.title))}`;
  return `an exception made for ${titleOf(plugin)}; ${here}`;
};

/** The network plugin, and which exceptions are about it: shown, and never judged by. */
export const pluginEvidence = (plugins: NetworkPlugins, { source, list }: E2eResults['exceptions']): readonly Evidence[] => {
  const own = list.filter((exception) => idsOf(plugins).includes(pluginOf(exception) ?? ''));
  const others = list.filter((exception) => strangerOf(exception, plugins) !== undefined);
  const makers = [...new Set(others.map((exception) => titleOf(pluginOf(exception) ?? '')))];
  const names = listed(plugins.known.map(({ title }) => title));
  return [
    { source: 'network plugin', observed: plugins.text },
    {
      source: `${count(list.length, 'exception')} of ${source}`,
      observed: [
        names === ''
          ? ''
          : own.length === 0
            ? `none is about ${names}`
            : `about ${names}: ${listed(
                own.map(({ regex }) => regex),
                5,
              )}`,
        others.length === 0
          ? ''
          : `made for ${listed(makers)}, and held for every plugin: ${listed(
              others.map(({ regex }) => regex),
              5,
            )}`,
        own.length + others.length === list.length ? '' : `${list.length - own.length - others.length} about no plugin`,
      ]
        .filter((part) => part !== '')
        .join('; '),
    },
  ];
};
