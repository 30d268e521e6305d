import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { authenticationConfig, type AuthenticationConfig } from '../../facts/authentication-config.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { ownIdentity, type LoginKind, type OwnIdentity } from '../../facts/own-identity.js';
import { serviceAccountToken, type ServiceAccountToken } from '../../facts/service-account-token.js';
import { fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type Requirement } from '../../model/requirement.js';
import {
  booleanFlag,
  everyServer,
  flagsOfApiServers,
  flagsOfFlagz,
  itemsOf,
  type Finding,
  type ServerFlags,
  type Servers,
} from '../support/control-plane-flags.js';
import { frontFacts, frontOf, type Front } from '../support/front.js';

const x509 = 'client certificates (X.509)';
/** The standard counts certificates and calls them unsuitable for production: whoever reads a pass shall know. */
const caution = (methods: readonly string[]): string =>
  methods.includes(x509) ? ' Client certificates cannot be revoked, so the standard advises an external method for people.' : '';
const both = (methods: readonly string[], beside = ''): string =>
  `The API server takes ServiceAccount tokens${beside} and ${listed(methods)}.${caution(methods)}`;

const tokenEvidence = (token: ServiceAccountToken): Evidence => ({
  source: 'TokenRequest for ServiceAccount default/default',
  observed: `issued, ${token.accepted ? 'accepted' : 'not accepted'} (${token.by === 'token-review' ? 'TokenReview' : 'SelfSubjectReview with the token'})`,
});

const refusedToken = (token: ServiceAccountToken): Answer =>
  fail('The API server issues ServiceAccount tokens and does not accept them.', [tokenEvidence(token)]);

/** The second method, once ServiceAccount tokens are known to work; without one the next rung may know more. */
const withToken = (token: ServiceAccountToken, methods: readonly string[], evidence: readonly Evidence[], otherwise: string): Answer => {
  const seen = [tokenEvidence(token), ...evidence];
  if (!token.accepted) return refusedToken(token);
  return methods.length > 0 ? pass(both(methods), seen) : undecided(otherwise, seen);
};

/**
 * What the login of this run proves. A proxy authenticates people by itself and passes them on by impersonation, under whatever name: a user without
 * the id of a credential proves a method only if the API server itself answered.
 */
const loginMethod = (login: LoginKind, front: Front): readonly string[] => {
  switch (login) {
    case 'certificate':
      return [x509];
    case 'bootstrap-token':
      return front.answers === 'api-server' ? ['bootstrap tokens'] : [];
    case 'other':
      return front.answers === 'api-server' ? ['the method by which this run itself logged in'] : [];
    case 'service-account':
    case 'anonymous':
      return [];
  }
};
const noSecond = (login: LoginKind, front: Front): string =>
  (login === 'other' || login === 'bootstrap-token') && front.answers !== 'api-server'
    ? `The login of this run proves no second method. ${front.message}`
    : `This run logged in by: ${login}, which proves no second method.`;
/** Whether the API server itself has taken a token of a ServiceAccount from this run. */
const provesToken = ({ login, tokenId }: OwnIdentity, front: Front): boolean =>
  login === 'service-account' && (tokenId === true || front.answers === 'api-server');
const noToken = (login: LoginKind, front: Front): string =>
  login === 'service-account' && front.answers !== 'api-server'
    ? `The API server knows this run by the name of a ServiceAccount, which a proxy may have set, and was not seen to accept a token. ${front.message}`
    : `This run logged in by: ${login}, which shows nothing of ServiceAccount tokens.`;
const loginEvidence = (login: LoginKind): Evidence => ({ source: 'SelfSubjectReview', observed: `logged in by: ${login}` });

/** A CA for request headers is no second method: every API server with the aggregation layer has one. */
const publishedMethods = (config: AuthenticationConfig): readonly string[] => (config.clientCa ? [x509] : []);
const nonePublished = 'The API server publishes no client CA.';
const publishedEvidence = (config: AuthenticationConfig): Evidence => ({
  source: 'ConfigMap kube-system/extension-apiserver-authentication',
  observed: `client CA: ${config.clientCa ? 'yes' : 'no'}, request header CA: ${config.requestHeaderCa ? 'yes' : 'no'}`,
});

/** Flags that set a method, each by itself. */
const methodFlags = ['oidc-issuer-url', 'authentication-token-webhook-config-file', 'client-ca-file', 'token-auth-file'];
/** On wherever kubeadm adds nodes. What it lets in are tokens in Secrets, of which there may be none. */
const bootstrapFlag = 'enable-bootstrap-token-auth';
const authenticationFlags = [...methodFlags, 'authentication-config', bootstrapFlag];

const findMethod = (server: ServerFlags): Finding => {
  const set = methodFlags.map((flag) => itemsOf(server, flag));
  if (set.some((items) => items !== undefined && items.length > 0)) return undefined;
  const config = itemsOf(server, 'authentication-config');
  const bootstrap = booleanFlag(server, bootstrapFlag, false);
  if (set.includes(undefined) || config === undefined || bootstrap === undefined)
    return { unknown: 'the flags of authentication are not shown' };
  if (config.length > 0) return { unknown: 'authentication-config names a file that cannot be read' };
  return bootstrap
    ? { unknown: `${bootstrapFlag} is true: bootstrap tokens may be a second method, but none was seen` }
    : { broken: 'ServiceAccount tokens are the only method of authentication, no flag sets another' };
};
const byMethodFlags = (servers: Servers): Answer =>
  everyServer(
    servers,
    authenticationFlags,
    'The API server takes ServiceAccount tokens and a second method that its flags set.',
    findMethod,
  );

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
    behave(
      { serviceAccountToken, ownIdentity },
      ({ serviceAccountToken: token, ownIdentity: { login } }, _, marks) => {
        const front = frontOf(marks);
        return withToken(token, loginMethod(login, front), [loginEvidence(login)], noSecond(login, front));
      },
      frontFacts,
    ),
    behave({ serviceAccountToken, authenticationConfig }, ({ serviceAccountToken: token, authenticationConfig: config }) =>
      withToken(token, publishedMethods(config), [publishedEvidence(config)], nonePublished),
    ),
    // Whoever runs this by a ServiceAccount's token has proved the first method already, without the right to ask for another token.
    read(
      { ownIdentity, authenticationConfig },
      ({ ownIdentity: self, authenticationConfig: config }, _, marks) => {
        const methods = publishedMethods(config);
        const evidence = [loginEvidence(self.login), publishedEvidence(config)];
        const front = frontOf(marks);
        if (!provesToken(self, front)) return undecided(noToken(self.login, front), evidence);
        return methods.length > 0 ? pass(both(methods, ' (this run logged in by one)'), evidence) : undecided(nonePublished, evidence);
      },
      frontFacts,
    ),
    behave({ serviceAccountToken, apiServerPods }, (facts) =>
      besideToken(facts.serviceAccountToken, byMethodFlags(flagsOfApiServers(facts.apiServerPods))),
    ),
    behave({ serviceAccountToken, apiServerFlagz }, (facts) =>
      besideToken(facts.serviceAccountToken, byMethodFlags([flagsOfFlagz(facts.apiServerFlagz)])),
    ),
  ],
  settledBy: {
    nextStep: 'Grant create serviceaccounts/token for the account default, and get the ConfigMap extension-apiserver-authentication.',
  },
  configuredBy: ['oidc-issuer-url', 'authentication-config', 'client-ca-file', 'apiServer'],
};
