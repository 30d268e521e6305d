import { bounded } from '../text/bounded.js';

/** Who refused a write at admission. */
export interface Refuser {
  /** For a sentence, e.g. `the admission webhook "validate.kyverno.svc"`. */
  readonly who: string;
  /** True where the object itself was not judged: what refused takes no dry run at all. */
  readonly noDryRun: boolean;
}

/** The API server's own words, as a whole: a webhook could use them within its reason. */
const noDryRun = /^admission webhook "([^"]*)" does not support dry run$/;

/**
 * Whether a write was refused because a webhook has side effects and takes no dry run: only a request that asks for a dry run is refused so.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#side-effects
 */
export const takesNoDryRun = (status: number, message: string): boolean => status === 400 && noDryRun.test(message);

/** How admission plugins and policy engines begin, or name themselves in, their refusals; in groups, the name of what refused. */
const known: readonly (readonly [words: RegExp, who: (name: string) => string])[] = [
  [/^admission webhook "([^"]*)" denied the request/, (name) => `the admission webhook "${name}"`],
  [/ValidatingAdmissionPolicy '([^']*)'/, (name) => `the ValidatingAdmissionPolicy "${name}"`],
  [/^[a-z]+ "[^"]*" is forbidden: violates PodSecurity "([^"]*)"/, (name) => `pod security admission (${name})`],
  // OpenShift
  [/unable to validate against any (security context constraint)/, () => 'the SecurityContextConstraints of the cluster'],
  // Kubernetes before 1.25
  [/PodSecurityPolicy: unable to (admit) pod|unable to validate against any (pod security policy)/, () => 'a PodSecurityPolicy'],
  [/exceeded quota: ([^,\s]*)|failed quota: ([^:\s]*)/, (name) => `the ResourceQuota "${name}"`],
  [/(?:maximum|minimum) (\S+) usage per|(limit to request ratio)/, () => 'a LimitRange'],
  [/ is forbidden: (image policy webhook)/, () => 'the admission plugin ImagePolicyWebhook'],
  [/error looking up (service account)/, () => 'the admission plugin ServiceAccount'],
  [/because it is being (terminated)/, () => 'the admission plugin NamespaceLifecycle'],
];

/**
 * Who refused a write.
 * @param message the API server's words (`metav1.Status.message`)
 * @returns undefined where the words are nobody's that is known
 */
export const refuserOf = (status: number, message: string): Refuser | undefined => {
  const webhook = status === 400 ? noDryRun.exec(message)?.[1] : undefined;
  if (webhook !== undefined) return { who: `the admission webhook "${bounded(webhook)}"`, noDryRun: true };
  for (const [words, who] of known) {
    const found = words.exec(message);
    if (found !== null) return { who: who(bounded(found[1] ?? found[2] ?? '')), noDryRun: false };
  }
  return undefined;
};
