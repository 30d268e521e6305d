import { RE2JS, RE2JSException } from 're2js';
import * as z from 'zod/mini';
import { isRealDay } from '../../text/day.js';
import { UserError } from '../../model/errors.js';
import { readYaml } from '../../text/read-yaml.js';
import type { E2eException, E2eResults } from '../e2e-results.js';
import { bounded } from '../../text/bounded.js';

const most = { bytes: 256 * 1024, entries: 500, regex: 500, reason: 1_000 };
/** In instructions of the engine: one takes as many steps a character of a name as it has, at the worst, and all that repeat stand for seconds. */
const maxInstructions = { one: 1_000, repeating: 3_000 };

const isDay = (text: string): boolean => text.length === 10 && isRealDay(text);

/** The name of a test as Ginkgo 2 writes it, and without its kind, as Ginkgo 1 does: a pattern may be made for either. */
const formsOf = (name: string): readonly string[] => (name.startsWith('[It] ') ? [name, name.slice('[It] '.length)] : [name]);

/**
 * The pattern of an exception, or what is wrong with it. Its syntax is RE2's, which is that of Go, where the tests are from, and what Python's and
 * JavaScript's have in common; the engine takes time linear in the name, whatever the pattern (https://github.com/google/re2/wiki/Syntax).
 */
const compile = (regex: string): RE2JS | string => {
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(regex);
  } catch (error) {
    const why = error instanceof RE2JSException ? bounded(error.message.replace(/^error parsing regexp: /, ''), 200) : 'it cannot be read';
    return `it is no regular expression of RE2, which knows neither look-around nor backreferences: ${why}`;
  }
  if (pattern.programSize() > maxInstructions.one) return 'it repeats too much; write it simpler';
  // What tolerates a test that nobody thought of tolerates everything.
  return pattern.test('') || formsOf('[It] [sig-unknown] no test has this name').some((name) => pattern.test(name))
    ? 'it matches what nobody has named'
    : pattern;
};

/** Whether a name is one of an exception's tests, with `[It]` or without it: it never is where the pattern cannot be used. */
export const patternOf = (regex: string): { readonly test: (name: string) => boolean } | undefined => {
  const pattern = compile(regex);
  return typeof pattern === 'string' ? undefined : { test: (name) => formsOf(name).some((form) => pattern.test(form)) };
};

const entry = z.strictObject({
  regex: z.string().check(z.maxLength(most.regex), z.minLength(1)),
  reason: z.string().check(
    z.maxLength(most.reason),
    z.refine((reason) => reason.trim() !== '', 'is empty'),
  ),
  expires: z.optional(z.string().check(z.refine(isDay, 'is no day such as 2027-01-31'))),
});
const schema = z.nullable(z.strictObject({ okToFail: z.optional(z.array(entry).check(z.maxLength(most.entries))) }));

/**
 * Reads a list of tolerated tests in upstream's format (`okToFail`: `regex` and `reason`), to which ours adds `expires`.
 * @param name the file's name, for errors and for the report
 * @throws {UserError} with every entry that is not as it must be
 */
export const parseExceptions = (text: string, name: string): E2eResults['exceptions'] => {
  const bad = (problems: readonly string[], cause?: unknown): UserError =>
    new UserError(
      problems.map((problem) => `The file "${name}" of "data.exceptions": ${problem}. docs/e2e-results.md has its format.`),
      { cause },
    );
  if (text.length > most.bytes) throw bad([`it is larger than ${most.bytes} bytes`]);
  // Everything stays text: an unquoted day would else be a date.
  const read = readYaml(text, { allText: true, aliases: 0 });
  if ('problems' in read) throw bad(read.problems);
  if (read.documents.length > 1) throw bad(['it holds several YAML documents']);
  const raw = read.documents[0];
  const parsed = schema.safeParse(raw === '' || raw === undefined ? null : raw);
  if (!parsed.success)
    throw bad(
      parsed.error.issues.slice(0, 20).map((issue) => `${bounded(issue.path.join('.')) || 'the whole'}: ${bounded(issue.message, 200)}`),
      parsed.error,
    );
  const list = parsed.data?.okToFail ?? [];
  const compiled = list.map(({ regex }) => ({ regex, pattern: compile(regex) }));
  const problems = compiled.flatMap(({ regex, pattern }, i) =>
    typeof pattern === 'string' ? [`okToFail[${i}].regex ("${bounded(regex, 100)}"): ${pattern}`] : [],
  );
  if (problems.length > 0) throw bad(problems.slice(0, 20));
  const repeating = compiled.filter(({ regex }) => /[*+?{|]/.test(regex));
  const instructions = repeating.reduce((sum, { pattern }) => sum + (typeof pattern === 'string' ? 0 : pattern.programSize()), 0);
  if (instructions > maxInstructions.repeating)
    throw bad(['its patterns repeat too much altogether; write them simpler, or without repetitions']);
  return {
    source: bounded(name),
    list: list.map(({ regex, reason, expires }) => ({ regex, reason: bounded(reason, most.reason), expires })),
  };
};

/** Who keeps the sources of a network plugin, by the id of the plugin. */
const keepers: Readonly<Record<string, string>> = {
  'antrea-io': 'antrea',
  cilium: 'cilium',
  cloudnativelabs: 'kube-router',
  'flannel-io': 'flannel',
  kubeovn: 'kube-ovn',
  'ovn-kubernetes': 'ovn-kubernetes',
  projectcalico: 'calico',
  weaveworks: 'weave',
};

/** The id of the network plugin that an exception was made for: its reason names an issue of that plugin; undefined for every other one. */
export const pluginOf = ({ reason }: { readonly reason: string }): string | undefined => {
  const owner = /https:\/\/github\.com\/([A-Za-z0-9-]{1,40})\//.exec(reason)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(keepers, owner) ? keepers[owner] : undefined;
};

const externalOnly = 'Fails where nodes have an external address alone: https://github.com/kubernetes/kubernetes/issues/136626';
const ofCilium = 'Cilium does not do this: https://github.com/cilium/cilium/issues/9209';

const tolerated = (regex: string, reason: string): E2eException => ({ regex, reason });

/** How often upstream's own test tries a test at most (scs-compatible-kaas.yaml, `--ginkgo.flake-attempts`). */
export const upstreamAttempts = 2;

/** What upstream's own test tolerates (scs-sonobuoy-config-v1.yaml, 2026-08-21): it holds where the user gives no list. */
export const upstreamExceptions: E2eResults['exceptions'] = {
  source: 'upstream’s list of 2026-08-21',
  list: [
    tolerated(
      'HostPort validates that there is no conflict between pods with same hostPort but different hostIP and protocol',
      externalOnly,
    ),
    tolerated('Services should be able to switch session affinity for NodePort service', externalOnly),
    tolerated('Services should have session affinity work for NodePort service', externalOnly),
    tolerated(
      'validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP',
      externalOnly,
    ),
    tolerated(
      'Netpol NetworkPolicy between server and client should allow ingress access from updated namespace',
      'Flaky before Kubernetes 1.36: https://github.com/kubernetes/kubernetes/pull/136715',
    ),
    tolerated('Feature:SCTPConnectivity', 'SCTP is optional; Cilium does not switch it on by itself'),
    tolerated('should.allow.egress.access.to.server.in.CIDR.block', ofCilium),
    tolerated('should.ensure.an.IP.overlapping.both.IPBlock.CIDR.and.IPBlock.Except.is.allowed', ofCilium),
    tolerated('should.enforce.except.clause.while.egress.access.to.server.in.CIDR.block', ofCilium),
  ],
};

/** Whether a list tolerates exactly what upstream's does, whatever it is called and whichever reasons it gives. */
export const isUpstreamList = ({ list }: E2eResults['exceptions']): boolean => {
  // What ends some day is no exception of upstream's.
  const own = new Set(list.map(({ regex, expires }) => (expires === undefined ? regex : '')));
  return own.size === upstreamExceptions.list.length && upstreamExceptions.list.every(({ regex }) => own.has(regex));
};
