import type { ControlPlanePod } from '../../facts/control-plane-pods.js';
import type { Node } from '../../facts/nodes.js';
import {
  hasControlPlaneRole,
  hasEtcdRole,
  hasWorkerRole,
  isCalledControlPlane,
  isMicrok8s,
  isPassingTaint,
  isReservingTaint,
  isRoleTaint,
  takesWorkloads,
} from '../../facts/support/node-roles.js';
import { abort, listed, type Answer, type Evidence } from '../../model/outcome.js';
import { noApiServerPod } from './hidden-control-plane.js';

type Nodes = readonly Node[];
type Pods = readonly ControlPlanePod[];

export const noNode = 'The cluster shows no node.';
export const listedNames = (some: Nodes): string => listed(some.map((node) => node.name));

/**
 * The nodes of the control plane: those that an API server pod is bound to, whether it runs or not, as an outage or an upgrade moves none.
 * The role label alone can be put on any node.
 */
const controlPlaneNodes = (all: Nodes, pods: Pods): Nodes => all.filter((node) => pods.some((pod) => pod.node === node.name));

/** API server pods of nodes that are not listed, or of none yet. */
const strays = (all: Nodes, pods: Pods): Pods => pods.filter((pod) => !all.some((node) => node.name === pod.node));

const seenPods = (pods: Pods): readonly Evidence[] =>
  pods.map((pod) => ({
    source: `pod kube-system/${pod.name}`,
    observed: `node ${pod.node || '(none)'}, ${pod.running ? 'running' : 'not reported as running'}`,
  }));

/** No control-plane node is known. */
const withoutControlPlane = (all: Nodes, pods: Pods): Answer =>
  pods.length === 0
    ? abort(
        `${noApiServerPod(all)}.`,
        all
          .filter((node) => hasControlPlaneRole(node.labels))
          .map((node) => ({ source: `node ${node.name}`, observed: 'carries a control-plane role' })),
      )
    : abort(`No API server pod is on a node that can be seen: ${listed(pods.map((pod) => pod.name))}.`, seenPods(pods));

/**
 * A fail that rests on the number of control-plane nodes holds only if there are no others: a node with the role or the taint and without an API
 * server pod merely pretends, or has its API server down or hidden; a pod on a node that is not listed is on some further node.
 */
const unlessMore = (answer: Answer, all: Nodes, pods: Pods): Answer => {
  if (answer.outcome !== 'fail') return answer;
  const known = controlPlaneNodes(all, pods);
  const claimed = all.filter((node) => isCalledControlPlane(node) && !known.includes(node));
  const elsewhere = strays(all, pods);
  const doubts = [
    ...(claimed.length > 0
      ? [
          `no API server pod can be seen on ${listedNames(claimed)}, which ${claimed.length === 1 ? 'its role or taint calls' : 'their roles or taints call'} a control plane`,
        ]
      : []),
    ...(elsewhere.length > 0 ? [`the node of ${listed(elsewhere.map((pod) => pod.name))} cannot be seen`] : []),
  ];
  return doubts.length === 0
    ? answer
    : abort(`${answer.message} This counts only nodes with an API server pod: ${doubts.join('; ')}.`, [
        ...answer.evidence,
        ...claimed.map((node) => ({
          source: `node ${node.name}`,
          observed: 'carries a control-plane role or taint, shows no API server pod',
        })),
        ...seenPods(elsewhere),
      ]);
};

/** Judges the control-plane nodes, where some are known. @param judge of one node at least */
export const byControlPlane = (all: Nodes, pods: Pods, judge: (some: Nodes) => Answer): Answer => {
  const some = controlPlaneNodes(all, pods);
  return some.length === 0 ? withoutControlPlane(all, pods) : unlessMore(judge(some), all, pods);
};

/** Whether pods run on a node for sure: a machine stands behind it, and no lasting taint keeps them away. Recorded without taints it is not sure. */
export const surelyTakesPods = (node: Node): boolean => node.standIn === undefined && takesWorkloads(node);

/** What a node is for: workloads, something else, the control plane and perhaps workloads, or not known. */
type Place = 'worker' | 'no worker' | 'untainted control plane' | 'perhaps';

const nodePlaceOf = (node: Node, pods: Pods): Place => {
  const { labels, taints, standIn } = node;
  // KWOK only pretends to run pods. Whether a virtual kubelet runs a customer's, and where, its provider knows.
  if (standIn === 'kwok') return 'no worker';
  if (standIn === 'virtual-kubelet' || taints === undefined) return 'perhaps';
  const lasting = taints.filter((key) => !isPassingTaint(key));
  const [tainted, reserved] = [lasting.length > 0, lasting.some(isReservingTaint)];
  // OpenShift's nodes for infrastructure and storage may keep the role of a worker.
  if (hasWorkerRole(labels)) return reserved ? 'perhaps' : 'worker';
  if (isMicrok8s(labels) && !tainted) return 'worker';
  const runsOne = pods.some((pod) => pod.node === node.name);
  // Where API servers show as pods, a node that is ready and shows none only pretends by its label; without a taint pods are put there in any case.
  // One that is not ready may have lost its pod: an outage is no change of what a node is for.
  if (hasControlPlaneRole(labels) && !runsOne && !tainted && node.ready && pods.length > 0) return 'worker';
  if (hasControlPlaneRole(labels) || runsOne) return tainted ? 'no worker' : 'untainted control plane';
  if (reserved || (hasEtcdRole(labels) && tainted)) return 'no worker';
  return hasEtcdRole(labels) || lasting.some(isRoleTaint) ? 'perhaps' : 'worker';
};

/** Why it is not known whether a node takes workloads. */
const whyPerhaps = ({ labels, taints, standIn }: Node): string => {
  if (standIn === 'virtual-kubelet') return 'a virtual kubelet';
  if (taints === undefined) return 'recorded without taints';
  const key = taints.find((one) => (hasWorkerRole(labels) ? isReservingTaint(one) : isRoleTaint(one)));
  if (key !== undefined) return `tainted with ${key}`;
  return hasEtcdRole(labels) && !hasControlPlaneRole(labels) ? 'role etcd' : 'untainted control plane';
};

/** A fail that further workers could turn, where there may be some: vCluster shows only those nodes that its own pods run on. */
export const unlessPart = (answer: Answer, all: Nodes): Answer =>
  answer.outcome === 'fail' && all.some((node) => node.standIn === 'vcluster')
    ? abort(`${answer.message} vCluster shows only the nodes that its pods run on, so there may be others.`, answer.evidence)
    : answer;

/**
 * Judges the nodes that workloads run on, twice: those that surely take workloads, and those that may. Both have to pass for a pass, and both
 * have to fail for a fail, so that a node in doubt never decides. Where nothing but untainted control planes is there, the workloads run on them.
 * @param judge of one node at least
 */
export const byWorkers = (all: Nodes, pods: Pods, judge: (workers: Nodes) => Answer): Answer => {
  if (all.length === 0) return abort(noNode);
  const places = new Map(all.map((node) => [node, nodePlaceOf(node, pods)]));
  const nothingElse = all.every((node) => ['no worker', 'untainted control plane'].includes(places.get(node) ?? ''));
  const sure = all.filter((node) => places.get(node) === (nothingElse ? 'untainted control plane' : 'worker'));
  const possible = all.filter((node) => places.get(node) !== 'no worker');
  if (possible.length === 0)
    return abort('The cluster shows no worker: every node is reserved for other work by its taints, or is a fake node.');
  const most = judge(possible);
  const least = sure.length === 0 || sure.length === possible.length ? most : judge(sure);
  if (least.outcome === 'fail' && most.outcome === 'fail') return least;
  if (sure.length > 0 && least.outcome === 'pass' && most.outcome === 'pass') return least;
  const doubtful = possible.filter((node) => !sure.includes(node));
  if (doubtful.length === 0) return least;
  const doubts = [...Map.groupBy(doubtful, whyPerhaps)].map(([why, some]) => `${listedNames(some)} (${why})`).join('; ');
  return sure.length === 0
    ? abort(`Which nodes take workloads is not known: ${doubts}.`, most.evidence)
    : abort(`${least.message} But workloads may also run on ${doubts}.`, most.evidence);
};
