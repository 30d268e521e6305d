import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { complaintOf, pluginValues } from '../../../src/kubernetes/kubeconfig/complaint.js';
import { createSecrets } from '../../../src/text/connection-secrets.js';
import { withoutValues } from '../../../src/text/without-values.js';
import { cpuTimeOf } from '../../helpers/cpu-time.js';

const jwt = `eyJhbGciOiJSUzI1NiIsImtpZCI6Im4ifQ.eyJzdWIiOiJub2JvZHkiLCJpc3MiOiJ4In0.Zm9vYmFyYmF6cXV4-Zm9vYmFyYmF6`;
const hex = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b';
const base64 = 'Qx7/kP2mZr+8vLw3TnYb5Jd0Hs6Gf1Ae9Cu4Ro==';
const uuid = '6f1c2b9e-0d4a-4c53-9b7e-2a8d51f0c3e7';
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo\n4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onL\n-----END RSA PRIVATE KEY-----`;
const user = (args: readonly string[] = [], env: readonly { name: string; value: string }[] = []) => ({ args, env });
const said = (stderr: string, args: readonly string[] = [], env: readonly { name: string; value: string }[] = []): string =>
  complaintOf(stderr, createSecrets(() => undefined).blank, user(args, env));

/** Whether eight characters in a row of a value are in a text. */
const leaks = (text: string, value: string): boolean => {
  const least = Math.min(8, value.length);
  return Array.from({ length: value.length - least + 1 }, (_, i) => value.slice(i, i + least)).some((piece) => text.includes(piece));
};

describe('what plugins of the usual makers say: the cause is there, and no value', () => {
  test.each<[maker: string, stderr: string, causes: readonly string[], values: readonly string[]]>([
    [
      'aws: expired',
      '\nAn error occurred (ExpiredTokenException) when calling the AssumeRole operation: The security token included in the request is expired',
      ['ExpiredTokenException', 'AssumeRole', 'security token included in the request is expired'],
      [],
    ],
    [
      'aws: an id of a key',
      `An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: key AKIAQX7EXAMPLE9ZTR2B is not valid (Request ID: ${uuid})`,
      ['InvalidClientTokenId', 'GetCallerIdentity', 'is not valid'],
      ['AKIAQX7EXAMPLE9ZTR2B'],
    ],
    [
      'aws: not allowed',
      'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/deploy',
      ['AccessDenied', 'arn:aws:iam::123456789012:user/ci', 'not authorized', 'role/deploy'],
      [],
    ],
    [
      'aws: a signed address',
      `Could not connect to the endpoint URL: "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Credential=ASIAQX7EXAMPLE9ZTR2B%2F20261129&X-Amz-Signature=${hex}&X-Amz-Security-Token=FwoGZXIvYXdzEBYaD"`,
      ['Could not connect', 'https://sts.eu-central-1.amazonaws.com/'],
      ['ASIAQX7EXAMPLE9ZTR2B', hex, 'FwoGZXIvYXdzEBYaD'],
    ],
    [
      'aws: a traceback of Python',
      `Traceback (most recent call last):\n  File "/usr/lib/python3.11/site-packages/awscli/clidriver.py", line 460, in main\n    return command_table[parsed.command](remaining, parsed)\nbotocore.exceptions.TokenRetrievalError: Error when retrieving token from sso: Token has expired and refresh failed (${jwt})`,
      ['TokenRetrievalError', 'Token has expired and refresh failed'],
      [jwt],
    ],
    [
      'aws-iam-authenticator',
      `could not get token: AccessDenied: User is not authorized to perform: sts:AssumeRole\n\tstatus code: 403, request id: ${uuid}`,
      ['could not get token: AccessDenied', 'status code: 403'],
      [],
    ],
    [
      'azure: a secret that is wrong',
      `Error: failed to get token: expected an empty error but received: ClientSecretCredential authentication failed. \nPOST https://login.microsoftonline.com/${uuid}/oauth2/v2.0/token\n--------------------------------------------------------------------------------\nRESPONSE 401: 401 Unauthorized\n{\n  "error": "invalid_client",\n  "error_description": "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value. Trace ID: ${uuid}",\n  "client_secret": "Zk8~Qw3rTyUiOp.LkJhGfDs-a1"\n}`,
      ['AADSTS7000215: Invalid client secret provided', 'failed to get token'],
      ['Zk8~Qw3rTyUiOp.LkJhGfDs-a1'],
    ],
    [
      'azure: in one line',
      'Error: failed to get token: expected an empty error but received: AADSTS700082: The refresh token has expired due to inactivity.',
      ['AADSTS700082', 'The refresh token has expired due to inactivity'],
      [],
    ],
    [
      'azure: a device code',
      'To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code F7GH8JK9L to authenticate.',
      ['https://microsoft.com/devicelogin'],
      ['F7GH8JK9L'],
    ],
    [
      'az',
      "ERROR: AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.\nPlease run 'az login' to setup account.",
      ['AADSTS50173', 'az login'],
      [],
    ],
    [
      'gke',
      'F0101 12:00:00.000000   12345 cred.go:145] print credential failed with error: Failed to retrieve access token:: failure while executing gcloud, with args [config config-helper --format=json]: exit status 1 (err: ERROR: (gcloud.config.config-helper) You do not currently have an active account selected.',
      ['print credential failed', 'You do not currently have an active account selected'],
      [],
    ],
    [
      'gcloud',
      'ERROR: (gcloud.config.config-helper) There was a problem refreshing your current auth tokens: Reauthentication failed. cannot prompt during non-interactive execution.\nPlease run:\n\n  $ gcloud auth login\n',
      ['Reauthentication failed', 'gcloud auth login'],
      [],
    ],
    [
      'gcloud: JSON with a token',
      `{"access_token": "ya29.a0AfB_byC-xyz", "token_expiry": "2026-11-29T00:00:00Z"}\nERROR: invalid_grant: Account has been deleted`,
      ['invalid_grant: Account has been deleted'],
      ['ya29.a0AfB_byC-xyz'],
    ],
    [
      'OIDC login of a CI',
      `error: get-token: authentication error: authcode-browser error: oauth2: "invalid_grant" "Token is not active" refresh_token=${hex}`,
      ['authentication error', 'invalid_grant', 'Token is not active'],
      [hex],
    ],
    [
      'OIDC login: verification',
      `error: get-token: oidc error: id token ${jwt} verification failed: oidc: token is expired (Token Expiry: 2026-01-01 00:00:00 +0000 UTC)`,
      ['oidc: token is expired', 'verification failed'],
      [jwt],
    ],
    [
      'Teleport',
      'ERROR: Relogin failed: failed to fetch server app data: Your Teleport certificate has expired, run tsh login --proxy=example.org',
      ['certificate has expired', 'tsh login'],
      [],
    ],
    [
      'Vault',
      `Error making API request.\n\nURL: GET https://ci:pa55/w0rd@vault.example.org:8200/v1/kubernetes/creds/deploy\nCode: 403. Errors:\n\n* permission denied\nX-Vault-Token: hvs.CAESIJx7pQ`,
      ['Error making API request', 'permission denied'],
      ['hvs.CAESIJx7pQ', 'pa55/w0rd'],
    ],
    [
      'Rancher',
      `time="2026-11-29T04:14:01Z" level=fatal msg="Failed to get token: kubeconfig-u-abcde12345:x7pqz9mvlk2jwt5nrh8dcs4bgf6ytq3w is expired, please log in again"`,
      ['level=fatal', 'is expired, please log in again'],
      ['x7pqz9mvlk2jwt5nrh8dcs4bgf6ytq3w'],
    ],
    [
      'Gardener',
      'Error: unable to retrieve shoot "garden-a/b": Unauthorized; kubeconfig of garden cluster: token: the token is invalid',
      ['unable to retrieve shoot', 'Unauthorized', 'the token is invalid'],
      [],
    ],
    [
      'doctl',
      `Error: GET https://api.digitalocean.com/v2/kubernetes/clusters/${uuid}/credentials: 401 (request "${uuid}") Unable to authenticate you`,
      ['401', 'Unable to authenticate you'],
      [],
    ],
    [
      'doctl: its token',
      'Error: Unable to use supplied token dop_v1_0a1b2c3d4e5f to access API: 401',
      ['Unable to use supplied token', '401'],
      ['dop_v1_0a1b2c3d4e5f'],
    ],
    [
      'oci',
      `ServiceError:\n{\n    "code": "NotAuthenticated",\n    "message": "The required information to complete authentication was not provided or was incorrect.",\n    "opc-request-id": "${hex}",\n    "security_token": "${jwt}"\n}`,
      ['NotAuthenticated', 'authentication was not provided or was incorrect'],
      [jwt],
    ],
    [
      'ibmcloud',
      `FAILED\nThe IAM token exchange request failed with the message: BXNIM0415E: Provided API key could not be found, apikey: ${base64}`,
      ['BXNIM0415E: Provided API key could not be found'],
      [base64],
    ],
    [
      'yc',
      `ERROR: iam token create failed: rpc error: code = Unauthenticated desc = The token is invalid: t1.9euelZqOm5-PjZ; request-id = ${uuid}`,
      ['code = Unauthenticated', 'The token is invalid'],
      ['t1.9euelZqOm5-PjZ'],
    ],
    [
      'OpenStack',
      'Authentication failed: {"auth":{"identity":{"password":{"user":{"name":"ci","password":"S3cr3t!"}}}}} The request you have made requires authentication. (HTTP 401)',
      ['Authentication failed', 'requires authentication', '401'],
      ['S3cr3t!'],
    ],
    [
      'a Java plugin',
      `[main] WARN deprecated\nException in thread "main" java.net.UnknownHostException: idp.example.org\n\tat java.base/java.net.InetAddress.getAllByName(InetAddress.java:1800)\n\tat com.example.Plugin.main(Plugin.java:7)`,
      ['UnknownHostException: idp.example.org'],
      [],
    ],
    [
      'a Node plugin',
      `/opt/plugin/index.js:12\n    throw new Error('x');\n    ^\n\nError: connect ECONNREFUSED 10.0.0.1:443\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1607:16)\n\nNode.js v24.0.0`,
      ['connect ECONNREFUSED 10.0.0.1:443'],
      [],
    ],
    [
      'a panic of Go',
      'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a]\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d\nexit status 2',
      ['panic: runtime error: invalid memory address'],
      [],
    ],
    [
      'an option that nobody knows',
      'error: unknown flag: --environment\nUsage:\n  kubelogin get-token [flags]\n\nFlags:\n  -h, --help   help\n',
      ['unknown flag: --environment'],
      [],
    ],
    ['a shell', '/usr/local/bin/plugin: line 3: jq: command not found', ['jq: command not found'], []],
    [
      'a credential on stderr',
      JSON.stringify({ kind: 'ExecCredential', status: { token: jwt, clientKeyData: pem } }) + '\nerror: cannot write to stdout',
      ['cannot write to stdout'],
      [jwt, 'MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo', '4lgOEePzNm0tRgeLezV6'],
    ],
    [
      'a key on stderr',
      `error: cannot use this key:\n${pem}\nit is encrypted`,
      ['error: cannot use this key', 'it is encrypted'],
      ['MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo', '4lgOEePzNm0tRgeLezV6'],
    ],
    [
      'headers',
      `error: 401 for GET /api, Authorization: Bearer abc.def-1, Cookie: sid=q1w2e3; theme=dark, X-Api-Key: k-12345`,
      ['error: 401 for GET /api'],
      ['abc.def-1', 'q1w2e3', 'k-12345'],
    ],
    [
      'names and values',
      `error: bad login user=ci password=hunter22 pwd: 'open sesame' api_key="a b c d e f g h" secretKey = geheim-9`,
      ['error: bad login user=ci'],
      ['hunter22', 'open sesame', 'a b c d e f g h', 'geheim-9'],
    ],
    ['a passphrase', 'error at start\npassphrase: correct horse battery staple', ['error at start'], ['correct horse battery staple']],
    [
      'words that are random',
      `fatal: answer ${hex} ${base64} ${uuid} was refused by oauth2.googleapis.com`,
      ['fatal: answer', 'was refused by oauth2.googleapis.com'],
      [hex, base64],
    ],
  ])('%s', (_, stderr, causes, values) => {
    const shown = said(stderr);
    for (const cause of causes) expect(shown).toContain(cause);
    expect(values.filter((value) => leaks(shown, value))).toEqual([]);
    expect(values.filter((value) => leaks(withoutValues(stderr), value))).toEqual([]);
    expect(shown.length).toBeLessThanOrEqual(440);
    expect(shown).not.toMatch(/[\n\r]/);
  });
});

describe('what the kubeconfig hands to a plugin is not repeated, however short', () => {
  const args = [
    'eks',
    'get-token',
    '--cluster-name',
    'c1',
    '--token=t9',
    '-pq7',
    '--region',
    'eu-central-1',
    '--output',
    'json',
    'Xy',
    'k=w8',
    '--verbose',
  ];
  test('which values these are', () => {
    const env = [
      { name: 'PIN', value: '42' },
      { name: 'MODE', value: 'json' },
      { name: 'USER_X', value: 'zed' },
    ];
    expect(pluginValues(user(args, env))).toEqual(['42', 'zed', 'c1', 't9', 'q7', 'Xy', 'k=w8', 'w8']);
  });
  test('values go, names of options and subcommands stay', () => {
    const shown = said('error: eks get-token --cluster-name c1 --token=t9 -p q7 Xy failed in eu-central-1 (w8), c12 is none', args);
    expect(shown).toBe('error: eks get-token --cluster-name *** --token=*** -p *** *** failed in eu-central-1 (***), c12 is none');
  });
  test('of the environment too, also within JSON, addresses and Base64', () => {
    const env = [{ name: 'LOGIN', value: 'a"b&c d' }];
    for (const text of ['a"b&c d', JSON.stringify('a"b&c d'), encodeURIComponent('a"b&c d'), Buffer.from('a"b&c d').toString('base64')])
      expect(said(`error: ${text} is wrong`, [], env)).toMatch(/^error: "?\*\*\*(?:"|A==)? is wrong$/);
  });
  test('whatever the value, it is no word of what is shown', () => {
    const value = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }).map((s) => s.trim().replace(/[ *]/g, ''));
    fc.assert(
      fc.property(value, (secret) => {
        fc.pre(secret !== '' && !/^(?:error|is|wrong|said)$/.test(secret) && /\w/.test(secret));
        const shown = said(`error: ${secret} is wrong`, [`--password=${secret}`]);
        return !shown.slice('error: '.length, -' is wrong'.length).includes(secret) && shown.endsWith('is wrong');
      }),
    );
  });
});

test('sentences about secrets stay as they are', () => {
  for (const sentence of [
    'error: token: the token has expired',
    'the password is wrong, and the secret was not found',
    'invalid token: signature is invalid',
    'error: key: no such file or directory',
    'credentials: cannot be read',
    'no access token in cache, please log in',
    'Unable to locate credentials. You can configure credentials by running "aws configure".',
    'client.authentication.k8s.io/v1beta1 is not supported by /usr/local/bin/gke-gcloud-auth-plugin',
    'InvalidIdentityTokenException and TokenRetrievalError in botocore.exceptions',
    'unable to load /home/runner/.kube/cache/oidc-login/config.json: permission denied',
  ])
    expect(said(sentence)).toBe(sentence);
});

test('time is linear in what is said', () => {
  const units = [
    'token=',
    'token: ',
    '"',
    '\\"',
    'a:',
    'https://',
    '-----BEGIN ',
    '-----BEGIN A-----\n',
    'x',
    'aB3',
    '@',
    ':@',
    '--password ',
    'Bearer ',
    '=',
    '\n',
    'error ',
    '%41',
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(10_000 / unit.length));
    expect(cpuTimeOf(() => said(text, ['--token=t9']))).toBeLessThan(2_000);
  }
});
