import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { refusal } from '../kubernetes/answers.js';
import { bounded } from '../text/bounded.js';

const schema = z.object({
  /** Admission plugins that have handled a write since the server's start. */
  admissionPlugins: z.readonly(z.array(z.string())),
  /** True once a plugin that every create passes has a count, so that an absent name is evidence. */
  admissionCounted: z.boolean(),
  /** Authorizers that have decided a request since the server's start, e.g. `Node`, `RBAC`, `ABAC`, `Webhook`. */
  authorizers: z.readonly(z.array(z.string())),
  /** The sum of the nominal concurrency limits over all priority levels; null without priority and fairness. */
  flowControlSeats: z.nullable(z.number()),
});
export type ApiServerMetrics = z.infer<typeof schema>;

/** The judged series alone: the text holds some ten thousand lines. */
const series =
  /^(apiserver_(?:admission_controller_admission_duration_seconds_count|authorization_decisions_total|flowcontrol_nominal_limit_seats|flowcontrol_request_concurrency_limit))\{(.*)\} (\S+)/gm;
const nominal = 'apiserver_flowcontrol_nominal_limit_seats';
/** Large clusters count tens of megabytes of series. */
const maxBytes = 64 * 1024 * 1024;
/** Its name until 1.25 (KEP-1040). */
const nominalBefore126 = 'apiserver_flowcontrol_request_concurrency_limit';
/** The names of plugins and authorizers are short, and few. */
const longestName = 100;
const maxNames = 200;
const label = (labels: string, name: string): string | undefined => {
  const [, , value] = Array.from(labels.matchAll(/(?:^|,)(\w+)="((?:[^"\\]|\\.)*)"/g)).find(([, key]) => key === name) ?? [];
  return value === undefined ? undefined : bounded(value, longestName);
};

/**
 * Reads the judged series out of the Prometheus text format.
 * What is absent counts as evidence, so a text that stops in the middle is none at all: families come sorted by name
 * (client_golang, `Gatherer`), and those of the Go runtime and of the process, which every component of Kubernetes has, come after these.
 * @throws {NotAvailable} where the text holds no series of an API server at all, or stops in the middle
 */
export const parseMetrics = (text: string): ApiServerMetrics => {
  const plugins = new Set<string>();
  const authorizers = new Set<string>();
  let admissionCounted = false;
  // By the name of the series: for some releases the old one stood beside the new one.
  const seats = new Map<string, number>();
  for (const [, name, labels = '', value] of text.matchAll(series)) {
    const n = Number(value);
    if (!(n > 0)) continue;
    if (name === 'apiserver_admission_controller_admission_duration_seconds_count') {
      const plugin = label(labels, 'name');
      if (plugin !== undefined) plugins.add(plugin);
      if (plugin === 'NamespaceLifecycle' && label(labels, 'operation') === 'CREATE') admissionCounted = true;
    } else if (name === 'apiserver_authorization_decisions_total') {
      const type = label(labels, 'type');
      if (type !== undefined) authorizers.add(type);
    } else if (name !== undefined) {
      seats.set(name, (seats.get(name) ?? 0) + n);
    }
  }
  if (!/^apiserver_/m.test(text)) throw new NotAvailable('malformed', 'GET /metrics: the answer holds no series of an API server');
  if (!/^(?:go|process)_/m.test(text))
    throw new NotAvailable('malformed', 'GET /metrics: the answer is cut: it lacks the series of the process');
  if (plugins.size > maxNames || authorizers.size > maxNames)
    throw new NotAvailable('too-large', `GET /metrics: more than ${maxNames} admission plugins or authorizers`);
  return {
    admissionPlugins: [...plugins].sort(),
    admissionCounted,
    authorizers: [...authorizers].sort(),
    flowControlSeats: seats.get(nominal) ?? seats.get(nominalBefore126) ?? null,
  };
};

/** What the API server counts about itself; speaks for the one server that answered, where there are several. */
export const apiServerMetrics = defineFact({
  name: 'api-server-metrics',
  first: true,
  schema,
  permissions: [
    { role: 'read', verb: 'get', url: '/metrics', why: 'admission plugins, authorizers and request limits as the API server counts them' },
  ],
  collect: async ({ api }) => {
    const request = { path: '/metrics', maxBytes };
    const response = await api.request(request);
    if (response.status !== 200) throw refusal(request, response);
    return parseMetrics(response.text);
  },
});
