import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { authenticationConfig, type AuthenticationConfig } from '../../facts/authentication-config.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { ownIdentity, type LoginKind } from '../../facts/own-identity.js';
import { serviceAccountToken, type ServiceAccountToken } from '../../facts/service-account-token.js';
import { fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type Requirement } from '../../model/requirement.js';
import { everyServer, flagsOfApiServers, flagsOfFlagz, type Finding, type ServerFlags } from '../support/control-plane-flags.js';
import { itemsOf } from './flags.js';

const x509 = 'client certificates (X.509)';
/** The standard counts certificates and calls them unsuitable for production: whoever reads a pass shall know. */
const caution = (methods: readonly string[]): string =>
  methods.includes(x509) ? '; client certificates cannot be revoked, so the standard advises an external method for people' : '';

const tokenEvidence = (token: ServiceAccountToken): Evidence => ({
  source: 'TokenRequest for ServiceAccount default/default',
  observed: `issued, ${token.accepted ? 'accepted' : 'not accepted'} (${token.by === 'token-review' ? 'TokenReview' : 'SelfSubjectReview with the token'})`,
});

const refusedToken = (token: ServiceAccountToken): Answer =>
  fail('the API server issues ServiceAccount tokens and does not accept them', [tokenEvidence(token)]);

/** The second method, once ServiceAccount tokens are known to work; without one the next rung may know more. */
const withToken = (token: ServiceAccountToken, methods: readonly string[], evidence: readonly Evidence[], otherwise: string): Answer => {
  const seen = [tokenEvidence(token), ...evidence];
  if (!token.accepted) return refusedToken(token);
  return methods.length > 0 ? pass(`ServiceAccount tokens and ${listed(methods)}${caution(methods)}`, seen) : undecided(otherwise, seen);
};

const loginMethod = (login: LoginKind): readonly string[] => {
  switch (login) {
    case 'certificate':
      return [x509];
    case 'bootstrap-token':
      return ['bootstrap tokens'];
    case 'other':
      return ['the method by which this run itself logged in'];
    case 'service-account':
    case 'anonymous':
      return [];
  }
};
const loginEvidence = (login: LoginKind): Evidence => ({ source: 'SelfSubjectReview', observed: `logged in by: ${login}` });

const publishedMethods = (config: AuthenticationConfig): readonly string[] => [
  ...(config.clientCa ? [x509] : []),
  ...(config.requestHeaderCa ? ['an authenticating proxy (request header)'] : []),
];
const publishedEvidence = (config: AuthenticationConfig): Evidence => ({
  source: 'ConfigMap kube-system/extension-apiserver-authentication',
  observed: `client CA: ${config.clientCa ? 'yes' : 'no'}, request header CA: ${config.requestHeaderCa ? 'yes' : 'no'}`,
});

/** Flags that set a method, each by itself. */
const methodFlags = [
  'oidc-issuer-url',
  'authentication-token-webhook-config-file',
  'client-ca-file',
  'requestheader-client-ca-file',
  'token-auth-file',
];
const authenticationFlags = [...methodFlags, 'authentication-config'];

const findMethod = (server: ServerFlags): Finding => {
  const set = authenticationFlags.map((flag) => itemsOf(server, flag));
  if (methodFlags.some((flag) => (itemsOf(server, flag)?.length ?? 0) > 0)) return undefined;
  if (set.includes(undefined)) return { unknown: 'the flags of authentication are not shown' };
  return set.every((items) => items?.length === 0)
    ? { broken: 'ServiceAccount tokens are the only method of authentication: no flag sets another' }
    : { unknown: 'authentication-config names a file that cannot be read' };
};
const byMethodFlags = (servers: Parameters<typeof everyServer>[0]): Answer =>
  everyServer(servers, authenticationFlags, 'ServiceAccount tokens and a second method that flags of the API server set', findMethod);

/** The flags tell of the second method alone. */
const besideToken = (token: ServiceAccountToken, answer: Answer): Answer =>
  token.accepted ? { ...answer, evidence: [tokenEvidence(token), ...answer.evidence] } : refusedToken(token);

export const authenticationMethods: Requirement = {
  id: 'authentication-methods',
  level: 'MUST',
  title: 'Two methods of authentication, ServiceAccount tokens among them',
  clause: '#standard',
  remediation:
    'Keep ServiceAccount tokens on, and give the API server a second method, best OpenID Connect or webhook tokens (--oidc-issuer-url or --authentication-config).',
  ladder: [
    behave({ serviceAccountToken, ownIdentity }, ({ serviceAccountToken: token, ownIdentity: { login } }) =>
      withToken(token, loginMethod(login), [loginEvidence(login)], `this run logged in by: ${login}, which proves no second method`),
    ),
    behave({ serviceAccountToken, authenticationConfig }, ({ serviceAccountToken: token, authenticationConfig: config }) =>
      withToken(
        token,
        publishedMethods(config),
        [publishedEvidence(config)],
        'the API server publishes neither a client CA nor a request header CA',
      ),
    ),
    // Whoever runs this by a ServiceAccount's token has proved the first method already, without the right to ask for another token.
    read({ ownIdentity, authenticationConfig }, ({ ownIdentity: { login }, authenticationConfig: config }) => {
      const methods = publishedMethods(config);
      const evidence = [loginEvidence(login), publishedEvidence(config)];
      if (login !== 'service-account')
        return undecided(`this run logged in by: ${login}, which shows nothing of ServiceAccount tokens`, evidence);
      return methods.length > 0
        ? pass(`ServiceAccount tokens (this run logged in by one) and ${listed(methods)}${caution(methods)}`, evidence)
        : undecided('the API server publishes neither a client CA nor a request header CA', evidence);
    }),
    behave({ serviceAccountToken, apiServerPods }, (facts) =>
      besideToken(facts.serviceAccountToken, byMethodFlags(flagsOfApiServers(facts.apiServerPods))),
    ),
    behave({ serviceAccountToken, apiServerFlagz }, (facts) =>
      besideToken(facts.serviceAccountToken, byMethodFlags([flagsOfFlagz(facts.apiServerFlagz)])),
    ),
  ],
  settledBy: {
    how: 'Grant create serviceaccounts/token for the account default, and get the ConfigMap extension-apiserver-authentication.',
  },
  configuredBy: ['oidc-issuer-url', 'authentication-config', 'client-ca-file', 'apiServer'],
};
