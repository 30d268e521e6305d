import type { IngressClass } from '../../facts/ingress-classes.js';
import { knownWorkloads } from '../../facts/support/known-workloads.js';
import type { Workload, Workloads } from '../../facts/workloads.js';
import { abort, count, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { workloadOfController } from './ingress-controllers.js';
import { foundOf, unlistedOf, workloadEvidence, type Found } from './network-plugins.js';

const ingressClassEvidence = (classes: readonly IngressClass[]): readonly Evidence[] =>
  classes.map((c) => ({
    source: `IngressClass ${c.name}`,
    observed: `controller ${c.controller || '(none)'}${c.isDefault ? ', default' : ''}`,
  }));

/** The standard asks providers to offer the option: a cluster without it does not show that they do not. */
const optionOfTheOffer = 'the option may be an add-on of the offer';

const none = abort(`The cluster has no IngressClass; ${optionOfTheOffer}`, [
  { source: 'GET /apis/networking.k8s.io/v1/ingressclasses', observed: 'no items' },
]);

/** An ingress class and what serves it; `id` is undefined where its controller is not known here. */
interface Served {
  readonly ingressClass: IngressClass;
  readonly id: string | undefined;
  readonly found: Found | undefined;
  /** Why workloads could not be listed that may serve it. */
  readonly unlisted: readonly string[];
}

const servedOf = (classes: readonly IngressClass[], workloads: Workloads): readonly Served[] => {
  const controllers = foundOf(workloads, 'ingress-controller');
  const unlisted = unlistedOf(workloads, 'ingress-controller');
  return classes.map((ingressClass) => {
    const id = workloadOfController(ingressClass.controller);
    return { ingressClass, id, found: id === undefined ? undefined : controllers.find((c) => c.known.id === id), unlisted };
  });
};

/**
 * Whether what serves the class is seen to run. One program may run several times, each instance for classes of its own, and nothing but its
 * arguments tells for which: all of its workloads have to be there, and to run.
 */
const runsWhole = ({ found, unlisted }: Served): boolean => (found?.ready ?? 0) > 0 && found?.idle.length === 0 && unlisted.length === 0;

const controllerEvidence = (served: readonly Served[]): readonly Evidence[] => [
  ...ingressClassEvidence(served.map((s) => s.ingressClass)),
  ...workloadEvidence([...new Set(served.flatMap((s) => s.found ?? []))]),
];

const titleOf = (id: string): string => knownWorkloads.find((known) => known.id === id)?.title ?? id;

const workloadText = ({ kind, namespace, name }: Workload): string => `${kind} ${namespace}/${name}`;

/** Why it is not known that a controller serves the class. */
const doubtAbout = ({ ingressClass, id, found, unlisted }: Served): string => {
  const { name, controller } = ingressClass;
  if (controller === '') return `IngressClass "${name}" names no controller`;
  if (id === undefined)
    return `IngressClass "${name}" names a controller that is not known here, or that runs outside of the cluster (${controller})`;
  if (unlisted.length > 0) return `IngressClass "${name}" names ${titleOf(id)}, and not all workloads can be seen (${listed(unlisted)})`;
  if (found === undefined) return `IngressClass "${name}" names ${titleOf(id)}, and no workload of the cluster is known as it`;
  if (found.ready === 0) return `IngressClass "${name}" names ${found.known.title}, which has no ready pod`;
  return `IngressClass "${name}" names ${found.known.title}, of which several instances are here, and ${listed(found.idle.map(workloadText), 3)} has no ready pod: which of them serves it is not known`;
};

const servedText = ({ ingressClass, found }: Served): string =>
  `"${ingressClass.name}" is served by ${found?.known.title ?? ''}, which runs`;

/** An IngressClass whose controller runs in the cluster: one is enough. Everything else leaves it open what the provider offers. */
export const judgeManagedIngress = (classes: readonly IngressClass[], workloads: Workloads): Answer => {
  if (classes.length === 0) return none;
  const served = servedOf(classes, workloads);
  const running = served.filter(runsWhole);
  if (running.length > 0) return pass(listed(running.map((s) => `IngressClass ${servedText(s)}`)), controllerEvidence(served));
  return abort(`No IngressClass is seen to be served: ${listed(served.map(doubtAbout))}; ${optionOfTheOffer}`, controllerEvidence(served));
};

const createdAt = (one: IngressClass): string => one.createdAt ?? '';

/**
 * The default classes that an Ingress without a class may get: of several the admission plugin DefaultIngressClass takes the newest, and of equally old
 * ones the first by name (kubernetes/kubernetes, plugin/pkg/admission/network/defaultingressclass). All of them where their age is not known.
 */
const firstOf = (defaults: readonly IngressClass[]): readonly IngressClass[] => {
  if (defaults.some((one) => createdAt(one) === '')) return defaults;
  const newestFirst = [...defaults].sort((a, b) =>
    createdAt(a) === createdAt(b) ? (a.name < b.name ? -1 : 1) : createdAt(a) > createdAt(b) ? -1 : 1,
  );
  return newestFirst.slice(0, 1);
};

const quotedNames = (classes: readonly IngressClass[]): string => listed(classes.map(({ name }) => `"${name}"`));

/** What stands before an answer where several classes are the default. */
const severalText = (defaults: readonly IngressClass[]): string =>
  defaults.length > 1
    ? `${defaults.length} IngressClasses are marked as default (${quotedNames(defaults)}), and an Ingress without a class gets the newest of them. `
    : '';

/** A default class whose controller runs. Without a default it is open whether the provider offers one. */
export const judgeDefaultIngressClass = (classes: readonly IngressClass[], workloads: Workloads): Answer => {
  if (classes.length === 0) return none;
  const defaults = classes.filter((c) => c.isDefault);
  if (defaults.length === 0)
    return abort(
      `None of ${count(classes.length, 'IngressClass', 'IngressClasses')} is the default: ${quotedNames(classes)}; ${optionOfTheOffer}`,
      ingressClassEvidence(classes),
    );
  const served = servedOf(defaults, workloads);
  const chosen = servedOf(firstOf(defaults), workloads);
  const open = chosen.filter((one) => !runsWhole(one));
  if (open.length > 0)
    return abort(
      `${severalText(defaults)}No controller is seen to serve the default: ${listed(open.map(doubtAbout))}`,
      controllerEvidence(served),
    );
  return pass(
    chosen.length === 1
      ? `${severalText(defaults)}The default IngressClass ${listed(chosen.map(servedText))}`
      : `${severalText(defaults)}Which one that is, is not known, but each is served: ${listed(chosen.map(servedText))}`,
    controllerEvidence(served),
  );
};

/** The same where no workload can be listed. */
export const judgeDefaultIngressClassAlone = (classes: readonly IngressClass[]): Answer =>
  classes.length === 0 ? none : abort('Whether a controller serves a default IngressClass is not known', ingressClassEvidence(classes));
