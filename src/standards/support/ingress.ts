import type { IngressClass } from '../../facts/ingress-classes.js';
import { knownWorkloads } from '../../facts/support/known-workloads.js';
import type { Workload } from '../../facts/workloads.js';
import { count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { workloadOfController } from './ingress-controllers.js';
import { foundOf, workloadEvidence, type Found } from './network-plugins.js';

const shown = (classes: readonly IngressClass[]): readonly Evidence[] =>
  classes.map((c) => ({
    source: `IngressClass ${c.name}`,
    observed: `controller ${c.controller || '(none)'}${c.isDefault ? ', default' : ''}`,
  }));

const none = fail('the cluster has no IngressClass', [{ source: 'GET /apis/networking.k8s.io/v1/ingressclasses', observed: 'no items' }]);

/** An ingress class and what serves it; `id` is undefined where its controller is not known here. */
interface Served {
  readonly ingressClass: IngressClass;
  readonly id: string | undefined;
  readonly found: Found | undefined;
}

/**
 * An IngressClass whose controller runs in the cluster. One that is known and runs is enough; with none such, a controller that is
 * not known here, or that runs outside of the cluster, leaves it open.
 */
export const judgeManagedIngress = (classes: readonly IngressClass[], workloads: readonly Workload[]): Answer => {
  if (classes.length === 0) return none;
  const controllers = foundOf(workloads, 'ingress-controller');
  const served = classes.map((ingressClass): Served => {
    const id = workloadOfController(ingressClass.controller);
    return { ingressClass, id, found: controllers.find((c) => c.known.id === id) };
  });
  const evidence = [...shown(classes), ...workloadEvidence(served.flatMap((s) => s.found ?? []))];
  const running = served.filter((s) => (s.found?.ready ?? 0) > 0);
  if (running.length > 0)
    return pass(
      listed(running.map((s) => `IngressClass ${s.ingressClass.name} is served by ${s.found?.known.title ?? ''}, which runs`)),
      evidence,
    );
  const unknown = served.filter((s) => s.id === undefined);
  if (unknown.length > 0)
    return undecided(
      `whether a controller serves ${listed(unknown.map((s) => `IngressClass ${s.ingressClass.name} (${s.ingressClass.controller || 'no controller named'})`))} cannot be told: it is not among the controllers known here, or runs outside of the cluster`,
      evidence,
    );
  const titleOf = (id: string | undefined): string => knownWorkloads.find((known) => known.id === id)?.title ?? '';
  const why = served.map((s) =>
    s.found === undefined
      ? `IngressClass ${s.ingressClass.name} names ${titleOf(s.id)}, and no workload of the cluster is known as it`
      : `IngressClass ${s.ingressClass.name}: ${s.found.known.title} has no ready pod`,
  );
  return fail(`no ingress controller runs: ${listed(why)}`, evidence);
};

/**
 * Exactly one default. Of several the admission plugin DefaultIngressClass takes the newest (before 1.25 it refused the Ingress):
 * Kubernetes asks for one at most, and nobody chose which of them serves.
 */
export const judgeDefaultIngressClass = (classes: readonly IngressClass[]): Answer => {
  if (classes.length === 0) return none;
  const defaults = classes.filter((c) => c.isDefault);
  const names = listed(defaults.map((c) => c.name));
  if (defaults.length === 1) return pass(`the default IngressClass is ${names}`, shown(defaults));
  if (defaults.length > 1)
    return fail(
      `${defaults.length} IngressClasses are marked as default: ${names}; which of them an Ingress without a class gets hangs on their age alone`,
      shown(defaults),
    );
  return fail(
    `none of ${count(classes.length, 'IngressClass', 'IngressClasses')} is marked as default: ${listed(classes.map((c) => c.name))}`,
    shown(classes),
  );
};
