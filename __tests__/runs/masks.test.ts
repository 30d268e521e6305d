import { beforeAll, describe, expect, test } from '@jest/globals';
import { Redactor } from '../../src/text/redact.js';
import { secretTaker } from '../../src/text/likely-secrets.js';
import { parsePullSecret, pullSecretKind } from '../../src/probes/image.js';
import { readPathOrText } from '../../src/system/path-or-text.js';
import { chooseContext } from '../../src/kubernetes/kubeconfig/context.js';
import { loadKubeconfig } from '../../src/kubernetes/kubeconfig/load.js';
import { readTarget } from '../../src/kubernetes/kubeconfig/target.js';
import { createSecrets } from '../../src/text/connection-secrets.js';
import { prepareUpload } from '../../src/run/upload.js';
import { createAuthority } from '../helpers/certificates.js';
import { damagedForms, wholeForms } from '../helpers/damaged-forms.js';
import { cryptoKey } from '../helpers/signing-keys.js';

/**
 * The runner masks what it is told in the whole rest of the job, in what others print too: only what is secret may be among it, whatever was read.
 */

/** Lines of our reports, of kubeconfigs, and of what other steps print. */
const ordinary = [
  ...['apiVersion: v1', 'kind: Config', 'users:', 'clusters:', 'contexts:', '- name: default', 'name: default', 'current-context: default'],
  ...['    user:', 'preferences: {}', 'true', 'false', 'null', 'default', 'admin', 'kubernetes-admin', 'cluster: {server: x}'],
  ...[
    'https://127.0.0.1:6443',
    '127.0.0.1',
    'api.cluster.example.org',
    'server: https://api.cluster.example.org:6443',
    '"auths": {',
    '{',
    '}',
  ],
  ...['"registry.example.org": {', 'registry.example.org', 'registry-user', 'example-cloud', 'command: aws-iam-authenticator', 'get-token'],
  ...[
    '-----BEGIN CERTIFICATE-----',
    '-----END PRIVATE KEY-----',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'Proc-Type: 4,ENCRYPTED',
    'Version: 3 (0x2)',
  ],
  ...[
    'client.authentication.k8s.io/v1',
    'kube-system',
    'pass',
    'fail',
    'abort',
    'MUST',
    'non-compliant',
    'DATA+OMITTED',
    'REDACTED',
    'token',
    'password',
  ],
  ...[
    'interactiveMode: Never',
    'eu-central-1',
    'keyring',
    '/var/lib/kubelet/pki/kubelet-client.key',
    'The certificate authority is not known.',
  ],
];
const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06YWRtaW4ifQ.c2lnbmF0dXJlLW9mLW5vYm9keS1hdC1hbGw';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const { openssh } = cryptoKey();

let kubeconfig = '';
let key = '';
beforeAll(() => {
  const authority = createAuthority();
  const pair = authority.issue({ commonName: 'kubernetes-admin' });
  key = pair.key;
  // As `openssl x509 -text` writes it.
  const certificate = `Certificate:\n    Data:\n        Version: 3 (0x2)\n${pair.certificate}`;
  kubeconfig = `apiVersion: v1
kind: Config
preferences: {}
current-context: default
clusters:
- name: default
  cluster:
    server: https://api.cluster.example.org:6443
    certificate-authority-data: ${base64(authority.certificate)}
contexts:
- name: default
  context:
    cluster: default
    user: kubernetes-admin
users:
- name: kubernetes-admin
  user:
    token: ${token}
    client-certificate-data: ${base64(certificate)}
    client-key-data: ${base64(pair.key)}
- name: other
  user:
    username: admin
    password: pa55-of-the-other
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws-iam-authenticator
      interactiveMode: Never
      args: [get-token, --token-cache-storage, keyring, --key-file, /var/lib/kubelet/pki/kubelet-client.key, --token, of-the-plugin-1]
      env:
      - {name: AWS_REGION, value: eu-central-1}
      - {name: USE_TOKEN, value: "true"}
      - {name: API_KEY, value: key-of-the-plugin-2}
`;
});
const dockerConfig = JSON.stringify(
  {
    auths: {
      'registry.example.org': {
        username: 'registry-user',
        password: 'pa55-of-registry',
        auth: base64('registry-user:pa55-of-registry'),
        identitytoken: 'identity-0123456789',
      },
    },
  },
  null,
  2,
);
const login = 'example-cloud:pa55-of-the-monitor';

type Take = (value: string) => void;
interface Kind {
  readonly text: () => string;
  readonly secrets: () => readonly string[];
  readonly read: (given: string, secret: Take) => Promise<unknown>;
}
const readKubeconfig =
  (as: 'input' | 'env') =>
  async (given: string, take: Take): Promise<void> => {
    const secrets = createSecrets(take);
    const loaded = await loadKubeconfig(
      as === 'input' ? { kubeconfig: given } : {},
      as === 'env' ? { KUBECONFIG: given } : {},
      secrets,
      () => undefined,
    );
    await readTarget(chooseContext(loaded, undefined), { execPlugins: 'allow' }, {}, secrets);
  };
const ofKubeconfig = (): readonly string[] => [
  token,
  base64(key),
  ...key.split('\n').slice(1, -2),
  'pa55-of-the-other',
  'of-the-plugin-1',
  'key-of-the-plugin-2',
];
const monitor = { dryRun: true, leaveOut: 'aborted', report: '' } as const;
const kinds: Readonly<Record<string, Kind>> = {
  'the input kubeconfig': { text: () => kubeconfig, secrets: ofKubeconfig, read: readKubeconfig('input') },
  'the variable KUBECONFIG': { text: () => kubeconfig, secrets: ofKubeconfig, read: readKubeconfig('env') },
  'a pull secret': {
    text: () => dockerConfig,
    secrets: () => [base64('registry-user:pa55-of-registry'), 'pa55-of-registry', 'identity-0123456789'],
    read: async (given, take) => {
      const read = await readPathOrText(given, pullSecretKind, take);
      if ('problem' in read) throw new Error(read.problem);
      parsePullSecret(read.text, take);
    },
  },
  'the login at the monitor': {
    text: () => login,
    secrets: () => ['pa55-of-the-monitor', base64(login)],
    read: (given, take) => prepareUpload({ ...monitor, login: { value: given, name: 'Input "login"' } }, take),
  },
  'the key at the monitor': {
    text: () => openssh,
    secrets: () => openssh.split('\n').slice(1, -2),
    read: (given, take) => prepareUpload({ ...monitor, key: { value: given, name: 'Input "key"' } }, take),
  },
};

/** What the runner and the redactor are told. */
const told = async (kind: Kind, given: string): Promise<{ masks: readonly string[]; redactor: Redactor; error: unknown }> => {
  const masks: string[] = [];
  const redactor = new Redactor();
  const error: unknown = await kind
    .read(
      given,
      secretTaker((line) => void masks.push(line), redactor.add),
    )
    .then(
      () => undefined,
      (cause: unknown) => cause,
    );
  return { masks, redactor, error };
};
const spoilt = ({ masks, redactor }: { masks: readonly string[]; redactor: Redactor }): readonly string[] => [
  ...ordinary.filter((line) => redactor.redact(line) !== line),
  ...masks.filter((mask) => mask.length < 6 || mask.includes('\n') || ordinary.some((line) => line.includes(mask))),
];

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  test.each(Object.entries(wholeForms))('%s: read, its secrets are masked, and nothing else', async (_form, form) => {
    const found = await told(kind, form(kind.text()));
    expect(found.error).toBeUndefined();
    expect(spoilt(found)).toEqual([]);
    expect(found.masks).toEqual(expect.arrayContaining([...kind.secrets()]));
  });

  test.each(Object.entries(damagedForms))('%s: refused, and nothing ordinary is masked', async (_form, form) => {
    const given = form(kind.text());
    const found = await told(kind, given);
    // Some of a key can be mended, and a login is whatever has a colon.
    if (kind.secrets === ofKubeconfig || found.error !== undefined)
      expect(String(found.error)).toMatch(/neither .*nor the path of|holds no private key|it is damaged/);
    expect(spoilt(found)).toEqual([]);
    for (const secret of kind.secrets()) expect(String(found.error)).not.toContain(secret.slice(0, 12));
    // As a whole; in several lines it has lines of structure.
    if (!given.includes('\n')) expect(found.redactor.redact(given)).not.toBe(given);
  });

  test('of a text that is cut off at any place nothing is said, and nothing ordinary is masked', async () => {
    const text = kind.text();
    for (let n = 1; n < 24; n++) {
      const found = await told(kind, text.slice(0, Math.floor((text.length * n) / 24)));
      expect(spoilt(found)).toEqual([]);
      for (const secret of kind.secrets()) expect(String(found.error)).not.toContain(secret.slice(0, 12));
    }
  });
});
