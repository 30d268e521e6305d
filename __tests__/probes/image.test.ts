import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/model/errors.js';
import { imageOf, parsePullSecret } from '../../src/probes/image.js';

describe('the image of the pods', () => {
  const pinned = /^registry\.k8s\.io\/e2e-test-images\/agnhost:[\d.]+@sha256:[0-9a-f]{64}$/;

  test('nothing chosen: one image, pinned by its digest', () => {
    expect(imageOf({})).toMatch(pinned);
  });

  test.each(['mirror.example/k8s', 'mirror.example/k8s/', 'mirror.example:5000', '10.0.0.1:5000/a/b//'])(
    'the mirror %s holds the same image under the same path',
    (registry) => {
      const image = imageOf({ registry });
      expect(image.startsWith(`${registry.replace(/\/+$/, '')}/e2e-test-images/`)).toBe(true);
      expect(image.split('@')[1]).toBe(imageOf({}).split('@')[1]);
    },
  );

  test('an image of the user’s own is taken as it is', () => {
    expect(imageOf({ image: 'mine.example/agnhost:2.63.0' })).toBe('mine.example/agnhost:2.63.0');
  });
});

describe('a pull secret', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const parsed = (value: unknown): { readonly text: string; readonly secrets: readonly string[] } => {
    const secrets: string[] = [];
    return { text: parsePullSecret(typeof value === 'string' ? value : JSON.stringify(value), (s) => secrets.push(s)), secrets };
  };

  test('every password in it is registered, also the one inside of the encoded login', () => {
    const auth = base64('robot:pa:ss-1');
    const { secrets } = parsed({
      auths: {
        'a.example': { auth },
        'b.example': { username: 'u', password: 'pass-2' },
        'c.example': { identitytoken: 'identity-3' },
        'd.example': { registrytoken: 'registry-4' },
      },
    });
    expect([...secrets].sort()).toEqual([auth, 'pa:ss-1', 'pass-2', 'identity-3', 'registry-4'].sort());
  });

  test('what is no secret stays readable: the user’s name and the registry’s', () => {
    expect(parsed({ auths: { 'a.example': { username: 'robot', password: 'x-y-z', auth: '' } } }).secrets).toEqual(['x-y-z']);
  });

  test('only the logins go to the cluster: helpers and headers are for this machine', () => {
    const { text } = parsed({
      auths: { 'a.example': { auth: base64('u:p') } },
      credsStore: 'desktop',
      credHelpers: { 'b.example': 'pass' },
      HttpHeaders: { 'X-Token': 'header-secret' },
    });
    expect(JSON.parse(text)).toEqual({ auths: { 'a.example': { auth: base64('u:p') } } });
  });

  test('a login that is not encoded as it should be registers what stands there, and nothing else', () => {
    expect(parsed({ auths: { 'a.example': { auth: 'no colon' } } }).secrets).toEqual(['no colon']);
  });

  test.each([
    ['no JSON', 'top-secret-password', /it is not JSON/],
    ['half of a JSON text', '{"auths":{"a.example":{"auth":"top-secret-password', /it is not JSON/],
    ['JSON without logins', '{"top-secret-password":1}', /it holds no "auths"/],
    ['no login in it', '{"auths":{},"note":"top-secret-password"}', /it holds no "auths"/],
    ['a login of another shape', '{"auths":{"a.example":{"auth":["top-secret-password"]}}}', /it holds no "auths"/],
    ['a list', '["top-secret-password"]', /it holds no "auths"/],
    ['null', 'null', /it holds no "auths"/],
    [
      'a Secret of Kubernetes in place of its content',
      '{"kind":"Secret","data":{".dockerconfigjson":"top-secret-password"}}',
      /no "auths"/,
    ],
    ['nothing', '', /it is not JSON/],
  ])('%s: an error that says what to give, and nothing of the text', (_, text, why) => {
    const fails = (): unknown => parsed(text);
    expect(fails).toThrow(UserError);
    expect(fails).toThrow(why);
    expect(fails).toThrow(/Give env:NAME or the path of a config\.json with "auths"\./);
    let thrown: unknown;
    try {
      fails();
    } catch (error) {
      thrown = error;
    }
    const { message, cause } = thrown as Error;
    expect([message, String(cause)].join()).not.toContain('top-secret');
  });
});
