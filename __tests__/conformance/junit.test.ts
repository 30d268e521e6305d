import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadResults } from '../../src/conformance/bad-results.js';
import { mergeCases, parseJunit } from '../../src/conformance/junit.js';
import { readXml } from '../../src/conformance/xml.js';
import { junitOf, policyTests, type Test } from '../helpers/e2e-files.js';

const one = (xml: string, counts = 'tests="1" failures="0"'): string => `<testsuite ${counts}>${xml}</testsuite>`;
const stateOf = (xml: string, counts?: string): string | undefined => parseJunit(one(xml, counts)).cases[0]?.state;
const bad = 'tests="1" failures="1"';

describe('how a test came out', () => {
  test.each([
    ['passed', '<testcase name="[It] a" status="passed"/>', undefined, 'passed'],
    ['failed', '<testcase name="[It] a" status="failed"><failure>x</failure></testcase>', bad, 'failed'],
    ['panicked', '<testcase name="[It] a" status="panicked"><error>x</error></testcase>', 'tests="1" failures="0" errors="1"', 'failed'],
    ['timed out', '<testcase name="[It] a" status="timedout"><failure>x</failure></testcase>', bad, 'timed-out'],
    ['interrupted', '<testcase name="[It] a" status="interrupted"><error>x</error></testcase>', bad, 'unfinished'],
    ['left out by the focus', '<testcase name="[It] a" status="skipped"><skipped message="skipped"/></testcase>', undefined, 'not-run'],
    [
      'it skipped itself',
      '<testcase name="[It] a" status="skipped"><skipped message="skipped - no GPU"/></testcase>',
      undefined,
      'skipped',
    ],
    ['pending', '<testcase name="[It] a" status="pending"><skipped message="pending"/></testcase>', undefined, 'not-run'],
    ['a word that nobody knows', '<testcase name="[It] a" status="splendid"/>', bad, 'unfinished'],
    ['called passed, with a failure', '<testcase name="[It] a" status="passed"><failure>x</failure></testcase>', bad, 'failed'],
    ['called passed, and skipped', '<testcase name="[It] a" status="passed"><skipped/></testcase>', bad, 'unfinished'],
    ['no status, a failure', '<testcase name="[It] a"><failure message="boom"/></testcase>', bad, 'failed'],
    ['no status, nothing', '<testcase name="[It] a"/>', undefined, 'passed'],
  ])('%s', (_, xml, counts, state) => {
    expect(stateOf(xml, counts)).toBe(state);
  });

  test('names and messages in every script, in one line and bounded', () => {
    const name = '[It] 测试 проверка δοκιμή اختبار <&"\'> ok';
    const [entry] = parseJunit(junitOf([{ name, status: 'failed', message: `first line\nsecond & <third> ${'x'.repeat(5_000)}` }])).cases;
    expect(entry?.name).toBe(name);
    expect(entry?.message).toMatch(/^first line second & <third> x+$/);
    expect(entry?.message.length).toBe(600);
  });

  test('CDATA, comments and other suites', () => {
    const xml = `<?xml version="1.0"?><!-- hello --><testsuites><testsuite tests="1" failures="1"><testcase name='[It] a'><failure><![CDATA[a < b & c]]></failure></testcase></testsuite><testsuite tests="0" failures="0"/></testsuites>`;
    expect(parseJunit(xml).cases).toEqual([{ name: '[It] a', state: 'failed', message: 'a < b & c', seconds: 0, at: '' }]);
  });

  test.each([
    [
      'where the log says that the test was entered',
      '<failure>[FAILED] no\nIn [It] at: k8s.io/kubernetes/test/e2e/network/helper.go:9 @ 11/22/26 10:23:19.023</failure><system-err>&gt; Enter [BeforeEach] x - test/e2e/framework/framework.go:302 @ 11/22/26&#xA;&gt; Enter [It] should do it [Feature:X] - k8s.io/kubernetes@v1.36.3/test/e2e/network/netpol/network_policy.go:825 @ 11/22/26 10:21:27.653&#xA;</system-err>',
      'test/e2e/network/netpol/network_policy.go:825',
    ],
    [
      'where it failed, without a log',
      '<failure>[FAILED] no&#xA;In [It] at: k8s.io/kubernetes/test/e2e/network/dns.go:53 @ 11/22/26 10:23:19.023</failure>',
      'test/e2e/network/dns.go:53',
    ],
    ['a path that leads out', '<failure>In [It] at: k8s.io/kubernetes/test/e2e/../../x.go:53 @ 11/22/26</failure>', ''],
    ['a path with a script', '<failure>In [It] at: test/e2e/a&lt;script&gt;.go:53 @ 11/22/26</failure>', ''],
    ['nothing of the kind', '<failure>boom</failure><system-err>In [It]</system-err>', ''],
  ])('the source of a failed test: %s', (_, inside, at) => {
    expect(parseJunit(one(`<testcase name="[It] a" status="failed">${inside}</testcase>`, bad)).cases[0]?.at).toBe(at);
  });

  test('a test that passed has no place, whatever its log says', () => {
    const log = '<system-err>Enter [It] a - test/e2e/network/dns.go:53 @ x</system-err>';
    expect(parseJunit(one(`<testcase name="[It] a" status="passed">${log}</testcase>`)).cases[0]?.at).toBe('');
  });

  test('a test that two processes name counts once, and never for the better', () => {
    const of = (state: string) => ({ name: '[It] a', status: state }) as Test;
    const states = ['skipped', 'passed', 'timedout', 'failed'];
    for (const [i, worse] of states.entries())
      for (const better of states.slice(0, i)) {
        const merged = mergeCases(parseJunit(junitOf([of(worse), of(better)])).cases);
        expect(merged).toEqual(mergeCases(parseJunit(junitOf([of(better), of(worse)])).cases));
        expect(merged[0]?.state).toBe({ passed: 'passed', timedout: 'timed-out', failed: 'failed' }[worse]);
      }
  });
});

test.each([
  ['3600.5', '2026-11-20T11:00:00.500Z'],
  ['1.9923335880000002', '2026-11-20T10:00:01.992Z'],
  ['0.000012', '2026-11-20T10:00:00.000Z'],
  ['9.1e-05', '2026-11-20T10:00:00.000Z'],
  ['1.0368e+06', '2026-12-02T10:00:00.000Z'],
  ['12', '2026-11-20T10:00:12.000Z'],
  ['soon', ''],
  ['-1', ''],
  ['1e99', ''],
])('a suite that took %s s ended at %s', (time, ended) => {
  const xml = `<testsuite tests="1" failures="0" time="${time}" timestamp="2026-11-20T10:00:00"><testcase name="[It] a"/></testsuite>`;
  expect(parseJunit(xml).finishedAt).toBe(ended);
});

describe('what the parser is given pieces', () => {
  test('is read as a whole, wherever it is cut', () => {
    const eventsOf = (text: string): readonly string[] => {
      const found: string[] = [];
      const close = (name: string): number => found.push(`/${name}`);
      readXml(text, { open: (name, attributes) => found.push(name, ...attributes.values()), close, text: (inner) => found.push(inner) });
      return found;
    };
    const [entity, emoji] = ['&#x1F600;', '\u{1f600}'];
    for (let i = 0; i < 40; i++) {
      const pad = 'x'.repeat(65_536 - 20 - i);
      const text = `<r><a b="${pad}${entity}${emoji}\r\n&lt;">${pad}${emoji}\r\n${entity}<![CDATA[${pad}]]&gt;]]></a></r>`;
      expect(eventsOf(text)).toEqual(['r', 'a', `${pad}${emoji}${emoji} <`, `${pad}${emoji}\n${emoji}`, `${pad}]]&gt;`, '/a', '/r']);
    }
  });

  test('may begin with a mark of its encoding, or a blank line', () => {
    for (const begin of ['\uFEFF', '\n ', '\uFEFF\r\n']) expect(parseJunit(`${begin}${junitOf(policyTests(2))}`).cases.length).toBe(2);
  });
});

describe('a file that cannot be used says why', () => {
  const whole = junitOf(policyTests(3));
  test.each([
    ['nothing', '', 'empty'],
    ['text', 'hello', 'outside of its root'],
    ['JSON', '{"a":"<b>"}', 'outside of its root'],
    ['another XML', '<html><body/></html>', 'no JUnit file'],
    ['cut in the middle of a tag', whole.slice(0, whole.indexOf('<testcase') + 20), 'cut'],
    ['cut between two tests', whole.slice(0, whole.lastIndexOf('<testcase')), 'cut'],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${whole}`, 'document type'],
    ['an external entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${whole}`, 'document type'],
    ['an entity of its own', one('<testcase name="&lol;"/>'), 'entity'],
    ['an entity that is a control', one('<testcase name="&#0;"/>'), 'entity'],
    ['two roots', `${whole}${whole}`, 'more than one root'],
    ['tags that do not match', '<testsuites><testsuite tests="0" failures="0"></testsuites></testsuite>', 'do not match'],
    ['a second declaration', `${whole}\n<?xml version="1.0"?>`, 'more than one root element or declaration'],
    ['a control', one('<testcase name="a\u0007"/>'), 'malformed in line 1: disallowed character'],
    ['an attribute without a value', one('<testcase\nname/>'), 'malformed in line 2: '],
    ['an entity without its end', one('<testcase name="a & b;"/>'), 'entity'],
    ['a name that every object has as an entity', one('<testcase name="&__proto__;&constructor;"/>'), 'entity'],
    ['a failure behind half a character', one('<testcase name="a" status="passed">\ud800<failure/></testcase>'), 'and holds 1 failed'],
    ['an attribute twice', '<testsuite tests="0" tests="1" failures="0"/>', 'twice'],
    ['nesting without end', '<system-out>'.repeat(1_000), 'JUnit'],
    ['no count', '<testsuite><testcase name="a"/></testsuite>', 'does not say how many'],
    [
      'a test less than it says',
      junitOf(policyTests(3)).replace(/<testcase[^]*?<\/testcase>\n/, ''),
      'says that it holds 3 tests, and holds 2',
    ],
    ['a failure less than it says', one('<testcase name="a" status="passed"/>', bad), 'says that 1 tests failed, and holds 0'],
    ['skipped ones that are none', one('<testcase name="a"/>', 'tests="1" failures="0" skipped="1"'), 'were skipped, and holds 0'],
    ['an element that JUnit does not know', one('<testcbse name="a"/>', 'tests="0" failures="0"'), 'does not know'],
    ['a suite in a test', one('<testcase name="a"><testsuite tests="0" failures="0"/></testcase>'), 'does not know'],
  ])('%s', (_, text, why) => {
    const read = (): unknown => parseJunit(text);
    expect(read).toThrow(BadResults);
    expect(read).toThrow(why);
  });

  test('depth is bounded where every element is allowed', () => {
    expect(() => readXml('<a>'.repeat(30), { open: () => undefined, close: () => undefined, text: () => undefined })).toThrow('nested');
  });

  test.each([
    ['text', '<a>', '</a>'],
    ['CDATA', '<a><![CDATA[', ']]></a>'],
    ['attribute', '<a b="', '"/>'],
    ['comment', '<a/><!--', '-->'],
    ['document type', '<!DOCTYPE a [', ']><a/>'],
  ])('%s: its length is bounded, as the parser may need 32 bytes for a character', (_, begin, end) => {
    const read = (length: number) => (): void => {
      readXml(`${begin}${'x'.repeat(length)}${end}`, { open: () => undefined, close: () => undefined, text: () => undefined });
    };
    if (!begin.startsWith('<!')) expect(read(7 * 1024 * 1024)).not.toThrow();
    expect(read(9 * 1024 * 1024)).toThrow('longer than 8388608 characters');
  });

  test('whatever text comes, it is read or refused, at once', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<testsuite tests="1" failures="0">',
        '</testsuite>',
        '<testcase name="',
        '">',
        '</testcase>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '&amp;',
        '&#x41;',
        '<failure>',
        ' status="passed"',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseJunit(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(BadResults);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a large file is read in linear time', () => {
    const begun = performance.now();
    const { cases } = parseJunit(junitOf(policyTests(50_000)));
    expect(cases.length).toBe(50_000);
    for (const hostile of [
      '<testsuite ' + ' '.repeat(1_000_000),
      '<testsuite a="' + 'x'.repeat(1_000_000),
      '&'.repeat(1_000_000),
      '<a'.repeat(500_000),
    ])
      expect(() => parseJunit(hostile)).toThrow();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
