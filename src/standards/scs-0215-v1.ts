import { defineStandard, type Requirement } from '../model/requirement.js';
import { caRenewal } from './scs-0215-v1/ca-renewal.js';
import { etcdBackup } from './scs-0215-v1/etcd-backup.js';
import { compactionMode, compactionRetention } from './scs-0215-v1/etcd-compaction.js';
import { eventRateLimit } from './scs-0215-v1/event-rate-limit.js';
import { byKubelets } from './scs-0215-v1/kubelet-certificates.js';
import { priorityAndFairness, requestLimitFlags, requestLimits } from './scs-0215-v1/request-limits.js';
import { byHandshake } from './scs-0215-v1/serving-certificate.js';
import { together } from './support/together.js';

/** Docusaurus numbers headings that stand twice in a document: `-1` is the one of the decision. */
const rateLimiting = '#kube-api-rate-limiting-1';
const backup = '#etcd-backup-1';
const rotationClause = '#certificate-rotation-1';

/**
 * The flags of all API servers and `/metrics` of the one that answers are looked at together where both can be seen: the best
 * evidence, the metrics, says nothing of the other servers.
 */
const rateLimits: readonly Requirement[] = [
  {
    id: 'request-limits',
    level: 'MUST',
    title: 'The API server limits the requests that it takes at a time',
    clause: rateLimiting,
    remediation:
      'Leave priority and fairness on, and set --max-requests-inflight and --max-mutating-requests-inflight of kube-apiserver above 0.',
    ladder: requestLimits,
    configuredBy: ['max-requests-inflight', 'max-mutating-requests-inflight', 'enable-priority-and-fairness', 'apiServer'],
  },
  {
    id: 'request-limit-flags',
    level: 'MUST',
    title: 'The limits on requests are set on purpose',
    clause: rateLimiting,
    remediation:
      'Set --max-requests-inflight, --max-mutating-requests-inflight and --min-request-timeout of kube-apiserver to values that fit the expected load.',
    ladder: requestLimitFlags,
    settledBy: { statement: true, nextStep: 'Provide a statement of the provider about the flags of the API server.' },
    configuredBy: ['max-requests-inflight', 'max-mutating-requests-inflight', 'min-request-timeout', 'apiServer'],
  },
  {
    id: 'limits-adapted',
    level: 'SHOULD',
    title: 'The limits on requests fit the expected load',
    clause: rateLimiting,
    remediation:
      'Set --max-requests-inflight and --max-mutating-requests-inflight of kube-apiserver to values that fit the load that you expect.',
    ladder: [],
    settledBy: {
      statement: true,
      nextStep: 'Declare in a statement of the provider how the limits were chosen: no API shows the expected load.',
    },
    configuredBy: ['max-requests-inflight', 'max-mutating-requests-inflight'],
  },
  {
    id: 'event-rate-limit',
    level: 'MUST',
    title: 'The admission plugin EventRateLimit is on',
    clause: rateLimiting,
    remediation:
      'Add EventRateLimit to --enable-admission-plugins of kube-apiserver, with its limits in the file of --admission-control-config-file.',
    ladder: eventRateLimit,
    configuredBy: ['enable-admission-plugins', 'admission-control-config-file', 'apiServer'],
  },
  {
    id: 'event-rate-limit-server',
    level: 'SHOULD',
    title: 'EventRateLimit holds the recommended limit for the whole server',
    clause: rateLimiting,
    remediation: 'Give EventRateLimit a limit of type Server with qps 5000 and burst 20000, or finer ones.',
    ladder: [],
    settledBy: {
      statement: true,
      nextStep: 'Provide a statement of the provider: no API shows the configuration file of the admission plugin.',
    },
    configuredBy: ['admission-control-config-file'],
  },
  {
    id: 'priority-and-fairness',
    level: 'SHOULD',
    title: 'API priority and fairness is on',
    clause: rateLimiting,
    remediation: 'Remove --enable-priority-and-fairness=false from kube-apiserver.',
    ladder: priorityAndFairness,
    configuredBy: ['enable-priority-and-fairness', 'apiServer'],
  },
];

const etcdStatement = { statement: true, nextStep: 'Provide a statement of the provider about etcd.' } as const;

const etcdCare: readonly Requirement[] = [
  {
    id: 'etcd-compaction-mode',
    level: 'MUST',
    title: 'etcd compacts its keyspace periodically',
    clause: '#etcd-compaction',
    remediation: 'Set --auto-compaction-mode=periodic and a retention for every member of etcd.',
    ladder: compactionMode,
    settledBy: etcdStatement,
    configuredBy: ['auto-compaction-mode', 'auto-compaction-retention', 'etcd'],
  },
  {
    id: 'etcd-compaction-retention',
    level: 'MUST',
    title: 'etcd keeps the keyspace of eight hours',
    clause: '#etcd-compaction',
    remediation: 'Set --auto-compaction-retention=8h for every member of etcd.',
    ladder: compactionRetention,
    settledBy: etcdStatement,
    configuredBy: ['auto-compaction-retention', 'auto-compaction-mode', 'etcd'],
  },
  {
    id: 'etcd-backup',
    level: 'MUST',
    title: 'etcd is backed up once a week at least',
    clause: backup,
    remediation:
      'Back up etcd on a schedule (K3s and RKE2: --etcd-snapshot-schedule-cron; else a CronJob on the control plane), and see that it succeeds.',
    ladder: etcdBackup,
    settledBy: { statement: true, nextStep: 'Provide a statement of the provider about the backups of etcd.' },
  },
  {
    id: 'etcd-backup-schedule',
    level: 'SHOULD',
    title: 'Backups of etcd are kept for longer the fewer they are',
    clause: backup,
    remediation: 'Keep many recent backups of etcd and fewer old ones, up to one a year.',
    ladder: [],
    settledBy: { statement: true, nextStep: 'Provide a statement of the provider about how long backups of etcd are kept.' },
  },
  {
    id: 'etcd-backup-encrypted',
    level: 'SHOULD',
    title: 'Backups of etcd are encrypted',
    clause: backup,
    remediation: 'Encrypt the backups of etcd where they are stored.',
    ladder: [],
    settledBy: { statement: true, nextStep: 'Provide a statement of the provider about the encryption of the backups of etcd.' },
  },
];

const certificates: readonly Requirement[] = [
  {
    id: 'certificate-rotation',
    level: 'MUST',
    title: 'Certificates are rotated within a year',
    clause: rotationClause,
    remediation:
      'Issue certificates for a year at most and renew them in time (kubeadm certs renew, k3s certificate rotate), and set rotateCertificates: true for every kubelet.',
    // The certificate of the API endpoint and those of the kubelets: one that is not rotated breaks it, and both take part in a pass.
    ladder: together(
      [
        { name: '', ladder: [byHandshake] },
        { name: '', ladder: [byKubelets] },
      ],
      '',
    ),
    configuredBy: ['rotateCertificates', 'certificateValidityPeriod', 'serverTLSBootstrap', 'KubeletConfiguration'],
  },
  {
    id: 'ca-renewal',
    level: 'SHOULD',
    title: 'The certificate authority is renewed in time',
    clause: rotationClause,
    remediation: 'Replace the CA before the last tenth of its life, by the Kubernetes guide to the manual rotation of CA certificates.',
    ladder: caRenewal,
    configuredBy: ['caCertificateValidityPeriod'],
  },
];

/** https://docs.scs.community/standards/scs-0215-v1-robustness-features */
export const scs0215v1 = defineStandard({
  id: 'scs-0215-v1',
  title: 'Robustness features for Kubernetes clusters',
  category: 'informative',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0215-v1-robustness-features',
  requirements: [...rateLimits, ...etcdCare, ...certificates],
});
