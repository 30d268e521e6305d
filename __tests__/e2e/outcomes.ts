/** The clusters of the test bed, in the order of the columns below. */
export const clusters = [
  'good',
  'plain',
  'replicated',
  'hidden',
  'hardened',
  'weak',
  'open',
  'etcd-plain',
  'etcd-shared-ca',
  'addons',
] as const;
export type Cluster = (typeof clusters)[number];

const letters: Readonly<Record<string, string>> = { P: 'pass', F: 'fail', A: 'abort', M: 'missing', N: 'not-applicable' };

/**
 * What each requirement must come to on each cluster, argued from the catalogue: requirement, one letter a cluster, why.
 * The clusters run 1.36.3; the release data are as on 2026-11-23, told from today on (`behind` in support.ts), the CVE data two years old.
 */
const rows: readonly (readonly [string, string, string])[] = [
  // requirement                               G P R H H W O E E A
  ['scs-0201-v1/conformance', '                M M M M M M M M M M', 'only the e2e suite settles it'],
  ['scs-0210-v2/supported-branch', '           P P P P P P P P P P', '1.36 is supported for 217 more days'],
  ['scs-0210-v2/patch-recency', '              F F F F F F F F F F', '1.36.4 was released 95 days ago, more than 31'],
  [
    'scs-0210-v2/critical-cve',
    '               A A A A A A A A A A',
    'CVE data of two years ago are older than 14 days: neither pass nor fail',
  ],
  ['scs-0210-v2/critical-cve-fast', '          A A A A A A A A A A', 'the same with 2 days'],
  ['scs-0210-v2/minor-recency', 'P P P P P P P P P P', '1.36 was released 215 days ago, so its four months are over; 1.37 is in its own'],
  ['scs-0210-v2/offered-branches', 'A A A A A A A A A A', '1.35 is due and supported; only its clusters or a list of the offer show it'],
  ['scs-0210-v2/tested-before-rollout', '      M M M M M M M M M M', 'a conformance report or a statement'],
  [
    'scs-0214-v2/zone-label',
    '                 P F P P P F P F F P',
    'plain, weak and both etcd clusters set no label at all; on hidden only labelled workers can be seen',
  ],
  ['scs-0214-v2/region-label', '               P F P P P F P F F F', 'the same; one worker of addons lacks it'],
  [
    'scs-0214-v2/control-plane-hosts',
    '        F F P A F F F F F A',
    'one control-plane node is a fail; replicated has three with differing host ids; a second node of addons only pretends by its role label',
  ],
  ['scs-0214-v2/control-plane-zones', '        F F P A F F F F F A', 'the same nodes’ zones'],
  [
    'scs-0214-v2/worker-zones',
    '               P F F P F F F F F P',
    'replicated has one worker; clusters of one node cannot be in several zones',
  ],
  ['scs-0214-v2/labels-current', 'A A A A A A A A A A', 'no label contradicts another: what is up to date cannot be proven from inside'],
  ['scs-0214-v2/best-practices', 'M M M M M M M M M M', 'a statement'],
  ['scs-0219-v1/network-policy', '             M M M M M M M M M M', 'the upstream focus is the only evidence'],
  ['scs-0219-v1/admin-network-policy', 'F F F F F F F F F F', 'kindnet does not implement it, whatever CRDs addons serves'],
  [
    'scs-0219-v1/managed-ingress',
    'A A A A A A A A A P',
    'a class and its running controller on addons alone; elsewhere the offer may have it as an option',
  ],
  ['scs-0219-v1/default-ingress-class', 'A A A A A A A A A P', 'annotated on addons alone, on a class whose controller runs'],
  ['scs-0219-v1/default-restrictions', 'N N N N N N N N N N', 'no policy restricts by default: the option is not used'],
  ['scs-0211-v1/default-class', 'P P P P P P P P P F', 'kind’s class standard; addons has two defaults'],
  ['scs-0211-v1/read-write-once', 'M M M M M M M M M M', 'needs the active tier'],
  [
    'scs-0211-v1/hardware-failure',
    'F F F F F F F F F A',
    'local-path keeps its data on one node; the class that counts on addons is of cinder, whose driver is not there',
  ],
  ['scs-0211-v1/not-node-bound', 'F F F F F F F F F A', 'the same'],
  ['scs-0211-v1/not-local', 'F F F F F F F F F A', 'the same'],
  ['scs-0211-v1/redundant', 'M M M M M M M M M M', 'a statement'],
  ['scs-0211-v2/default-class', '              P P P P P P P P P F', 'kind’s class standard; addons has two defaults'],
  ['scs-0211-v2/read-write-once', '            M M M M M M M M M M', 'needs the active tier'],
  [
    'scs-0211-v2/not-node-bound',
    'F F F F F F F F F A',
    'local-path is bound to its node; the class that counts on addons is of cinder, whose driver is not there',
  ],
  ['scs-0211-v2/not-local', 'F F F F F F F F F A', 'the same'],
  ['scs-0211-v2/expandable', 'N N N N N N N N N A', 'not allowed: the option is not used; on addons the driver is not there'],
  ['scs-0211-v2/redundant', 'M M M M M M M M M M', 'a statement'],
  ['scs-0215-v1/request-limits', '             P P P P P P F P P P', 'open sets both limits to 0 and turns priority and fairness off'],
  [
    'scs-0215-v1/request-limit-flags',
    '        F F F A P F F F F F',
    'hardened alone sets all three; on hidden the values equal the defaults, so set and unset look alike',
  ],
  ['scs-0215-v1/event-rate-limit', '           F F F F P F F F F F', 'hardened alone enables the plugin; on hidden /flagz shows the list'],
  ['scs-0215-v1/event-rate-limit-server', '    M M M M M M M M M M', 'the configuration file is not readable: a statement'],
  ['scs-0215-v1/priority-and-fairness', '      P P P P P P F P P P', 'on by default; open turns it off'],
  [
    'scs-0215-v1/etcd-compaction-mode',
    '       F F F A P F F F F F',
    'kubeadm sets nothing, so compaction is off; hardened sets periodic, etcd-plain revision',
  ],
  ['scs-0215-v1/etcd-compaction-retention', '  F F F A P F F F F F', 'hardened sets 8h, etcd-plain 1000 revisions'],
  ['scs-0215-v1/etcd-backup', '                A A A A A A A A A A', 'nothing in the cluster shows a backup: a statement'],
  ['scs-0215-v1/etcd-backup-schedule', '       M M M M M M M M M M', 'a statement'],
  ['scs-0215-v1/etcd-backup-encrypted', '      M M M M M M M M M M', 'a statement'],
  [
    'scs-0215-v1/certificate-rotation',
    '       P P P P P P F P P P',
    'kubeadm’s certificates last a year and its kubelets rotate theirs; open’s last ten and its kubelet does not',
  ],
  ['scs-0215-v1/ca-renewal', 'P P P P P P P P P P', 'ten years; open’s CA lives 90 days, of which more than a tenth is left'],
  ['scs-0215-v1/limits-adapted', 'M M M M M M M M M M', 'a statement'],
  ['scs-0217-v1/regular-updates', '            F F F F F F F F F F', 'scs-0210-v2/patch-recency failed'],
  ['scs-0217-v1/etcd-isolated', '              F F F A F F F F F F', 'kubeadm’s etcd runs on a node of the cluster'],
  ['scs-0217-v1/etcd-access', '                N N N A N N N N N N', 'asked only of an isolated etcd'],
  [
    'scs-0217-v1/etcd-tls',
    '                   P P P A P P P F P P',
    'kubeadm sets TLS for clients and peers; etcd-plain speaks clear text',
  ],
  [
    'scs-0217-v1/etcd-own-ca',
    '                P P P A P P P F F P',
    'kubeadm gives etcd a CA of its own; etcd-shared-ca trusts the cluster’s, etcd-plain none',
  ],
  ['scs-0217-v1/etcd-acl', '                   A A A A A A A F A A', 'not visible; without client certificates there is none'],
  ['scs-0217-v1/etcd-cn-auth', '               P P P A P P P F P P', 'client-cert-auth with a trusted CA; not on etcd-plain'],
  ['scs-0217-v1/ports-closed', '               N N N N N N N N N N', 'the runner is inside of the network of kind'],
  [
    'scs-0217-v1/endpoints-secured',
    'A A A A A F A A A A',
    'the ports cannot be judged from inside of the network of kind; the kubelets of weak are open',
  ],
  ['scs-0217-v1/kubelet-read-only-port', '     P P P P P F P P P P', 'weak opens 10255'],
  ['scs-0217-v1/endpoints-https', 'P P P P P F P P P P', 'kubeadm cannot boot without; the read-only port of weak speaks plain HTTP'],
  ['scs-0217-v1/authentication-methods', '     P P P P P P P P P P', 'service account tokens and X.509'],
  ['scs-0217-v1/authorization-methods', '      P P P P P F P P P P', 'weak has RBAC and ABAC and no Node; open has Node and ABAC'],
  ['scs-0217-v1/authorization-rbac', '         P P P P P P F P P P', 'open has ABAC in its place'],
  ['scs-0217-v1/kubelet-https', '              P P P P P F P P P P', 'the read-only port of weak speaks plain HTTP'],
  ['scs-0217-v1/kubelet-anonymous-auth', '     P P P P P F P P P P', 'weak turns it on'],
  ['scs-0217-v1/kubelet-webhook-authorization', 'P P P P P F P P P P', 'weak has AlwaysAllow'],
  ['scs-0217-v1/kubelet-authentication', 'P P P P P P P P P P', 'kubeadm sets a client CA and webhook tokens'],
  ['scs-0217-v1/node-restriction', '           P P P P P F P P P P', 'weak turns the plugin off'],
  ['scs-0217-v1/pod-security-admission', '     P P P P P F P P P P', 'on by default; weak turns it off'],
  ['scs-0217-v1/pod-security-baseline', '      F F F F P F F F F F', 'hardened alone has a default for namespaces without labels'],
  ['scs-0217-v1/pod-security-enforce', '       F F F F P F F F F F', 'the same'],
  ['scs-0217-v1/pod-security-restricted', 'N N N N P N N N N N', 'hardened alone enforces Restricted by default'],
];

/** Requirement to outcome, for one cluster. */
export const outcomesOn = (cluster: Cluster): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.map(([id, columns]) => [id, letters[columns.trim().split(/\s+/)[clusters.indexOf(cluster)] ?? ''] ?? 'unknown']));

/** Every row, for tests of the table itself. */
export const argued = rows.map(([id, columns, why]) => ({
  id,
  outcomes: columns
    .trim()
    .split(/\s+/)
    .map((l) => letters[l] ?? 'unknown'),
  why,
}));
