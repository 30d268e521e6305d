import { randomBytes } from 'node:crypto';
import type { V1Namespace, V1Pod, V1SecurityContext } from '@kubernetes/client-node';
import type { Sent } from './api-types.js';
import type { Permission } from '../model/fact.js';
import type { DryRunObject } from '../model/ports.js';

/** Names that begin so are ours; recorded answers hold those of the run that recorded them. */
export const probePrefix = 'scs-kaas-probe-';

/** How labels of ours begin, also those of older recordings; and what they hold. */
export const labelPrefix = 'scs-kaas-probe';
export const labelValue = 'dry-run';

/** A name that no other object or label has. */
export const probeName = (): string => `${probePrefix}${randomBytes(6).toString('hex')}`;

/** A scheduler that no cluster has: a pod that asks for it never starts, should it be stored after all. */
const noScheduler = 'scs-kaas-no-scheduler';

export const podsPath = '/api/v1/namespaces/default/pods';
export const namespacesPath = '/api/v1/namespaces';

/** What the level Restricted asks of a container. https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export const restrictedContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsUser: 65_534,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies Sent<V1SecurityContext>;

/**
 * A pod for a dry run. It is of the level Restricted, names its resources for limit ranges and quotas, mounts no token, and is never started.
 * @param securityContext of its container, in the place of the restricted one
 */
export const probePod = (securityContext?: Sent<V1SecurityContext>): Sent<V1Pod> & DryRunObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: probeName() },
  spec: {
    schedulerName: noScheduler,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    ...(securityContext === undefined ? { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } } : {}),
    containers: [
      {
        name: 'probe',
        image: 'registry.k8s.io/pause:3.10',
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
        securityContext: securityContext ?? restrictedContext,
      },
    ],
  },
});

/** What is sent before any other dry run: it harms nobody if it is stored. The next one is for a cluster whose policies refuse the first. */
export const harmless = (): readonly (readonly [path: string, object: DryRunObject])[] => [
  [podsPath, probePod()],
  [namespacesPath, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: probeName() } } satisfies Sent<V1Namespace>],
];

/** What proving that dry runs are honoured takes. */
export const dryRunPermissions: readonly Permission[] = [
  {
    role: 'ask',
    verb: 'create',
    group: '',
    resource: 'pods',
    namespace: 'default',
    why: 'dry runs of three pods: one without privileges, which shows that dry runs are honoured before any other is sent, one that only the level Restricted refuses, and a privileged one',
  },
  {
    role: 'ask',
    verb: 'get',
    group: '',
    resource: 'pods',
    namespace: 'default',
    why: 'whether the pod of a dry run is absent afterwards, as it should be',
  },
];
