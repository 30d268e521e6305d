import * as z from 'zod/mini';
import { bounded } from '../../facts/support/text.js';
import { listAll } from '../../facts/support/list.js';
import type { Api } from '../../model/ports.js';
import { ownLabels } from './identity.js';

/** What our pods are made of, as the user chose it. */
export interface PodImage {
  readonly image: string;
  /** The name of the pull secret in each namespace of ours; absent where none is needed. */
  readonly pullSecret?: string;
}

/** One pod of ours, as far as it differs from the others. */
export interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The only node, or the only nodes, that it may run on. */
  readonly node: string | readonly string[];
  /** Those of them that would be better. */
  readonly better?: readonly string[];
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol: 'TCP' | 'UDP' | 'SCTP' }[];
  readonly volumes?: readonly object[];
  readonly mounts?: readonly object[];
  readonly readinessPort?: number;
}

/** One node; a term of this kind takes no more than one name. */
const onNode = (name: string): object => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] });

/** An identity that no image and no node uses: "nobody". */
const nobody = 65_534;

/** By itself each pod ends after so many seconds, whatever became of the run. */
const longestSeconds = 900;

/**
 * A pod that the level `restricted` of the Pod Security Standards lets in, with requests and limits, without a token, for one node by the
 * scheduler, so that cordons, taints and quotas count.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const podBody = (run: string, plan: PodPlan, { image, pullSecret }: PodImage): object => ({
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
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: (typeof plan.node === 'string' ? [plan.node] : plan.node).map(onNode),
        },
        ...(plan.better === undefined
          ? {}
          : { preferredDuringSchedulingIgnoredDuringExecution: plan.better.map((name) => ({ weight: 100, preference: onNode(name) })) }),
      },
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nobody,
      runAsGroup: nobody,
      fsGroup: nobody,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumes: plan.volumes ?? [],
    containers: [
      {
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
        ...(plan.readinessPort === undefined
          ? {}
          : { readinessProbe: { tcpSocket: { port: plan.readinessPort }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3 } }),
      },
    ],
  },
});

const state = z.object({
  waiting: z.optional(z.object({ reason: z.optional(z.string()), message: z.optional(z.string()) })),
  running: z.optional(z.object({})),
  terminated: z.optional(z.object({ reason: z.optional(z.string()), exitCode: z.number(), message: z.optional(z.string()) })),
});
export const rawPod = z.object({
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
      containerStatuses: z.optional(z.array(z.object({ state: z.optional(state) }))),
    }),
  ),
});

/** How one pod of ours is. */
export interface PodState {
  readonly name: string;
  readonly namespace: string;
  /** The node that it was given to; `''` where none was found yet. */
  readonly node: string;
  readonly ips: readonly string[];
  readonly running: boolean;
  readonly ready: boolean;
  readonly ended: boolean;
  /** What its script left in /dev/termination-log; absent where it has not ended well. */
  readonly said?: string;
  /** Why it does not run, and how long that may be borne, in milliseconds; absent where nothing is wrong so far. */
  readonly problem?: { readonly why: string; readonly bearableMs: number };
}

/** Reasons of a waiting container, with how long they may pass by themselves. */
const waits: Readonly<Record<string, readonly [what: string, bearableMs: number]>> = {
  ErrImagePull: ['its image cannot be pulled', 40_000],
  ImagePullBackOff: ['its image cannot be pulled', 20_000],
  InvalidImageName: ['its image has no valid name', 0],
  ErrImageNeverPull: ['its image is not on the node, and may not be pulled', 0],
  CreateContainerConfigError: ['its container cannot be made', 15_000],
  CreateContainerError: ['its container cannot be made', 15_000],
  RunContainerError: ['its container cannot be started', 15_000],
};

const problemOf = (raw: z.infer<typeof rawPod>): PodState['problem'] => {
  const { status } = raw;
  const said = (text: string | undefined): string => (text === undefined || text === '' ? '' : `: ${bounded(text, 300)}`);
  const unscheduled = status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (unscheduled !== undefined)
    return {
      why: `the scheduler finds no place for it (${unscheduled.reason ?? 'no reason given'})${said(unscheduled.message)}`,
      bearableMs: 20_000,
    };
  if (status?.phase === 'Failed') return { why: `it failed (${status.reason ?? 'Error'})${said(status.message)}`, bearableMs: 0 };
  const container = status?.containerStatuses?.[0]?.state;
  const waiting = container?.waiting;
  if (waiting?.reason !== undefined && Object.hasOwn(waits, waiting.reason)) {
    const [what, bearableMs] = waits[waiting.reason] ?? ['', 0];
    return { why: `${what} (${waiting.reason})${said(waiting.message)}`, bearableMs };
  }
  const { terminated } = container ?? {};
  return terminated === undefined || terminated.exitCode === 0
    ? undefined
    : { why: `it ended with ${terminated.exitCode} (${terminated.reason ?? 'Error'})${said(terminated.message)}`, bearableMs: 0 };
};

/** Trims one Pod of `v1` to how it is. */
export const toPodState = (raw: z.infer<typeof rawPod>): PodState => {
  const container = raw.status?.containerStatuses?.[0]?.state;
  const problem = problemOf(raw);
  const exit = container?.terminated;
  return {
    name: raw.metadata.name,
    namespace: raw.metadata.namespace,
    node: bounded(raw.spec?.nodeName ?? ''),
    ips: (raw.status?.podIPs ?? []).map(({ ip }) => bounded(ip, 60)),
    running: container?.running !== undefined,
    ready: (raw.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True'),
    ended: raw.status?.phase === 'Succeeded' || raw.status?.phase === 'Failed' || exit !== undefined,
    ...(exit?.exitCode === 0 ? { said: bounded(exit.message ?? '', 300) } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
};

/** How all pods of one namespace of ours are. */
export const podStates = (api: Api, namespace: string): Promise<readonly PodState[]> =>
  listAll(api, `/api/v1/namespaces/${namespace}/pods`, rawPod, toPodState);
