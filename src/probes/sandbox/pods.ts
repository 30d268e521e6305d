import type { V1Affinity, V1Container, V1ContainerPort, V1NodeSelectorTerm, V1Pod, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind, type Sent } from '../../kubernetes/api-types.js';
import { bounded, imageName } from '../../text/bounded.js';
import { listAll } from '../../kubernetes/list.js';
import type { Api } from '../../model/ports.js';
import { ownLabels } from './identity.js';

/** What our pods are made of, as the user chose it. */
export interface PodImage {
  readonly image: string;
  /** The name of the pull secret in each namespace of ours; absent where none is needed. */
  readonly pullSecret?: string | undefined;
}

/** One pod of ours, as far as it differs from the others. */
export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The only node, or the only nodes, that it may run on. */
  readonly node: string | readonly string[];
  /** Those of them that would be better. */
  readonly better?: readonly string[] | undefined;
  readonly script: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly ports?: readonly Sent<V1ContainerPort>[] | undefined;
  readonly volumes?: readonly Sent<V1Volume>[] | undefined;
  readonly mounts?: readonly Sent<V1VolumeMount>[] | undefined;
  readonly readinessPort?: number | undefined;
}

/** One node; a term of this kind takes no more than one name. */
const onNode = (name: string): Sent<V1NodeSelectorTerm> => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] });

/** An identity that no image and no node uses: "nobody". */
const nobody = 65_534;

/** By itself each pod ends after so many seconds, whatever became of the run. */
const longestSeconds = 900;

const affinity = ({ node, better }: PodPlan): Sent<V1Affinity> => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: (typeof node === 'string' ? [node] : node).map(onNode) },
    preferredDuringSchedulingIgnoredDuringExecution: better?.map((name) => ({ weight: 100, preference: onNode(name) })),
  },
});

const container = (plan: PodPlan, image: string): Sent<V1Container> => ({
  name: 'probe',
  image,
  imagePullPolicy: 'IfNotPresent',
  command: ['/bin/sh', '-c', plan.script],
  // What a script complains of becomes the reason that is shown.
  terminationMessagePolicy: 'FallbackToLogsOnError',
  env: Object.entries(plan.env ?? {}).map(([name, value]) => ({ name, value })),
  ports: plan.ports ?? [],
  resources: { requests: { cpu: '5m', memory: '24Mi' }, limits: { cpu: '250m', memory: '128Mi' } },
  volumeMounts: plan.mounts ?? [],
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  readinessProbe: plan.readinessPort
    ? { tcpSocket: { port: plan.readinessPort }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3 }
    : undefined,
});

/**
 * A pod that the level `restricted` of the Pod Security Standards lets in, with requests and limits, without a token, for one node by the
 * scheduler, so that cordons, taints and quotas count.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const podBody = (run: string, plan: PodPlan, { image, pullSecret }: PodImage): Sent<V1Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: plan.name,
    namespace: plan.namespace,
    labels: {
      ...ownLabels(run),
      // Meshes inject a proxy, which would stand between the probe and the policy.
      'sidecar.istio.io/inject': 'false',
      ...plan.labels,
    },
    annotations: { 'linkerd.io/inject': 'disabled', 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' },
  },
  spec: {
    restartPolicy: 'Never',
    activeDeadlineSeconds: longestSeconds,
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    imagePullSecrets: pullSecret ? [{ name: pullSecret }] : undefined,
    affinity: affinity(plan),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nobody,
      runAsGroup: nobody,
      fsGroup: nobody,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumes: plan.volumes ?? [],
    containers: [container(plan, image)],
  },
});

const state = z.object({
  waiting: z.optional(z.object({ reason: z.optional(z.string()), message: z.optional(z.string()) })),
  running: z.optional(z.object({})),
  terminated: z.optional(z.object({ reason: z.optional(z.string()), exitCode: z.number(), message: z.optional(z.string()) })),
});
export const rawPod = ofKind<V1Pod>()(
  z.object({
    metadata: z.object({ name: z.string(), namespace: z.string() }),
    spec: z.optional(z.object({ nodeName: z.optional(z.string()) })),
    status: z.optional(
      z.object({
        phase: z.optional(z.string()),
        reason: z.optional(z.string()),
        message: z.optional(z.string()),
        podIPs: z.optional(z.array(z.object({ ip: z.string() }))),
        conditions: z.optional(
          z.array(z.object({ type: z.string(), status: z.string(), reason: z.optional(z.string()), message: z.optional(z.string()) })),
        ),
        containerStatuses: z.optional(z.array(z.object({ image: z.optional(z.string()), state: z.optional(state) }))),
      }),
    ),
  }),
);

/** How one pod of ours is. */
export interface PodState {
  readonly name: string;
  readonly namespace: string;
  /** The node that it was given to; `''` where none was found yet. */
  readonly node: string;
  readonly ips: readonly string[];
  readonly running: boolean;
  readonly ready: boolean;
  /** What its script left in /dev/termination-log; absent where it has not ended well. */
  readonly said?: string | undefined;
  /** Why it does not run; absent where nothing is wrong so far. */
  readonly problem?: PodProblem | undefined;
}

/** Why a pod of ours does not run. */
export interface PodProblem {
  /** In words, without those of the cluster, which differ from pod to pod. */
  readonly what: string;
  /** What the cluster says of it, e.g. `: no such host`; `''` where it says nothing. */
  readonly detail: string;
  /** Both together. */
  readonly why: string;
  /** How long it may last, in milliseconds: it may pass by itself. Infinite where attempts are counted instead. */
  readonly bearableMs: number;
  /**
   * Only where the image is what is wrong. `failed`: the last pull has failed. `waiting`: pulls have failed, and the kubelet waits before the next one or is at it.
   * `unusable`: no pull will change it.
   */
  readonly image?: ImageProblem | undefined;
}
type ImageProblem = 'failed' | 'waiting' | 'unusable';

interface Wait {
  readonly what: string;
  readonly bearableMs: number;
  readonly image?: ImageProblem | undefined;
}

const pullFailed: Wait = { what: 'cannot be pulled', bearableMs: Number.POSITIVE_INFINITY, image: 'failed' };
const notMade: Wait = { what: 'its container cannot be made', bearableMs: 15_000 };

/**
 * Reasons of a waiting container. Pulls are counted; an image that cannot be inspected is looked for again every ten to fifteen seconds.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go
 */
const waits: Readonly<Record<string, Wait>> = {
  ErrImagePull: pullFailed,
  RegistryUnavailable: pullFailed,
  SignatureValidationFailed: { ...pullFailed, what: 'is refused for its signature' },
  ImagePullBackOff: { ...pullFailed, image: 'waiting' },
  ImageInspectError: { what: 'cannot be inspected on its node', bearableMs: 30_000, image: 'unusable' },
  InvalidImageName: { what: 'has no valid name', bearableMs: 0, image: 'unusable' },
  ErrImageNeverPull: { what: 'is not on the node, and may not be pulled', bearableMs: 0, image: 'unusable' },
  CreateContainerConfigError: notMade,
  CreateContainerError: notMade,
  RunContainerError: { what: 'its container cannot be started', bearableMs: 15_000 },
};

const worded = (what: string, said: string | undefined): Pick<PodProblem, 'what' | 'detail' | 'why'> => {
  const detail = said === undefined || said === '' ? '' : `: ${bounded(said, 300)}`;
  return { what, detail, why: `${what}${detail}` };
};

const waitingProblem = (reason: string, message: string | undefined, image: string | undefined): PodProblem | undefined => {
  const wait = Object.hasOwn(waits, reason) ? waits[reason] : undefined;
  if (wait === undefined) return undefined;
  const named = wait.image === undefined ? '' : image === undefined || image === '' ? 'its image ' : `the image "${imageName(image)}" `;
  const what = `${named}${wait.what} (${reason})`;
  return { ...wait, ...worded(what, message) };
};

const toPodProblem = ({ status }: z.infer<typeof rawPod>): PodProblem | undefined => {
  const problem = (what: string, message: string | undefined, bearableMs: number): PodProblem => ({ ...worded(what, message), bearableMs });
  const unscheduled = status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (unscheduled !== undefined)
    return problem(`the scheduler finds no place for it (${unscheduled.reason ?? 'no reason given'})`, unscheduled.message, 20_000);
  if (status?.phase === 'Failed') return problem(`it failed (${status.reason ?? 'Error'})`, status.message, 0);
  const container = status?.containerStatuses?.[0];
  const waiting = container?.state?.waiting;
  const stuck = waiting?.reason === undefined ? undefined : waitingProblem(waiting.reason, waiting.message, container?.image);
  if (stuck !== undefined) return stuck;
  const terminated = container?.state?.terminated;
  return terminated === undefined || terminated.exitCode === 0
    ? undefined
    : problem(`it ended with ${terminated.exitCode} (${terminated.reason ?? 'Error'})`, terminated.message, 0);
};

/** Trims one Pod of `v1` to how it is. */
export const toPodState = (raw: z.infer<typeof rawPod>): PodState => {
  const container = raw.status?.containerStatuses?.[0]?.state;
  const problem = toPodProblem(raw);
  const exit = container?.terminated;
  return {
    name: raw.metadata.name,
    namespace: raw.metadata.namespace,
    node: bounded(raw.spec?.nodeName ?? ''),
    ips: (raw.status?.podIPs ?? []).map(({ ip }) => bounded(ip, 60)),
    running: container?.running !== undefined,
    ready: (raw.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True'),
    said: exit?.exitCode === 0 ? bounded(exit.message ?? '', 300) : undefined,
    problem,
  };
};

/** How all pods of one namespace of ours are. */
export const podStates = (api: Api, namespace: string): Promise<readonly PodState[]> =>
  listAll(api, `/api/v1/namespaces/${namespace}/pods`, rawPod, toPodState);
