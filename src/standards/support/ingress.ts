import type { IngressClass } from '../../facts/ingress-classes.js';
import { knownWorkloads } from '../../facts/support/known-workloads.js';
import type { Workloads } from '../../facts/workloads.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { workloadOfController } from './ingress-controllers.js';
import { foundOf, workloadEvidence, type Found } from './network-plugins.js';

const shown = (classes: readonly IngressClass[]): readonly Evidence[] =>
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
}

const servedOf = (classes: readonly IngressClass[], workloads: Workloads): readonly Served[] => {
  const controllers = foundOf(workloads, 'ingress-controller');
  return classes.map((ingressClass) => {
    const id = workloadOfController(ingressClass.controller);
    return { ingressClass, id, found: id === undefined ? undefined : controllers.find((c) => c.known.id === id) };
  });
};

const runs = ({ found }: Served): boolean => (found?.ready ?? 0) > 0;

const evidenceOf = (served: readonly Served[]): readonly Evidence[] => [
  ...shown(served.map((s) => s.ingressClass)),
  ...workloadEvidence(served.flatMap((s) => s.found ?? [])),
];

const titleOf = (id: string): string => knownWorkloads.find((known) => known.id === id)?.title ?? id;

/** Why it is not known that a controller serves the class. */
const doubtAbout = ({ ingressClass, id, found }: Served): string => {
  const { name, controller } = ingressClass;
  if (controller === '') return `IngressClass "${name}" names no controller`;
  if (id === undefined)
    return `IngressClass "${name}" names a controller that is not known here, or that runs outside of the cluster (${controller})`;
  if (found === undefined) return `IngressClass "${name}" names ${titleOf(id)}, and no workload of the cluster is known as it`;
  return `IngressClass "${name}" names ${found.known.title}, which has no ready pod`;
};

/** An IngressClass whose controller runs in the cluster: one is enough. Everything else leaves it open what the provider offers. */
export const judgeManagedIngress = (classes: readonly IngressClass[], workloads: Workloads): Answer => {
  if (classes.length === 0) return none;
  const served = servedOf(classes, workloads);
  const running = served.filter(runs);
  if (running.length > 0)
    return pass(
      listed(running.map((s) => `IngressClass "${s.ingressClass.name}" is served by ${s.found?.known.title ?? ''}, which runs`)),
      evidenceOf(served),
    );
  return abort(`No ingress controller is seen to run: ${listed(served.map(doubtAbout))}; ${optionOfTheOffer}`, evidenceOf(served));
};

/**
 * Several defaults. Of these the admission plugin DefaultIngressClass takes the newest (before 1.25 it refused the Ingress): Kubernetes
 * asks for one at most, and nobody chose which of them serves.
 */
const several = (defaults: readonly IngressClass[]): Answer =>
  fail(
    `${defaults.length} IngressClasses are marked as default: ${listed(defaults.map((c) => `"${c.name}"`))}; an Ingress without a class gets the newest of them`,
    shown(defaults),
  );

/** One default class whose controller runs. Without a default it is open whether the provider offers one. */
export const judgeDefaultIngressClass = (classes: readonly IngressClass[], workloads: Workloads): Answer => {
  if (classes.length === 0) return none;
  const defaults = classes.filter((c) => c.isDefault);
  if (defaults.length > 1) return several(defaults);
  const [served] = servedOf(defaults, workloads);
  if (served === undefined)
    return abort(
      `None of ${count(classes.length, 'IngressClass', 'IngressClasses')} is the default: ${listed(classes.map((c) => `"${c.name}"`))}; ${optionOfTheOffer}`,
      shown(classes),
    );
  const evidence = evidenceOf([served]);
  return runs(served)
    ? pass(`The default IngressClass "${served.ingressClass.name}" is served by ${served.found?.known.title ?? ''}, which runs`, evidence)
    : abort(`No controller is seen to serve the default: ${doubtAbout(served)}`, evidence);
};

/** The same where the workloads cannot be listed: several defaults are wrong whoever serves them. */
export const judgeDefaultIngressClassAlone = (classes: readonly IngressClass[]): Answer => {
  if (classes.length === 0) return none;
  const defaults = classes.filter((c) => c.isDefault);
  return defaults.length > 1 ? several(defaults) : abort('Whether a controller serves a default IngressClass is not known', shown(classes));
};
