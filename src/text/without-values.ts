/** Of a run of letters: names are written in words, each with a capital; digits of Base64 change case every other letter. */
const isOpaqueLetters = (run: string): boolean => {
  const humps = run.match(/[A-Z]+[a-z]*|[a-z]+/g)?.length ?? 1;
  if (/[A-Z]/.test(run) && /[a-z]/.test(run)) return run.length >= 12 && run.length / humps < 3.2;
  const vowels = run.match(/[aeiouy]/gi)?.length ?? 0;
  return run.length >= 16 && (vowels / run.length < 0.2 || /[^aeiouy]{7}/i.test(run));
};

/** How often letters and digits take turns. */
const turns = (run: string): number => (run.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) ?? []).length;

const isOpaqueRun = (run: string): boolean => {
  if (/^\d+$/.test(run)) return run.length >= 16;
  if (/^[A-Za-z]+$/.test(run)) return isOpaqueLetters(run);
  return (run.length >= 16 && turns(run) >= 2) || (run.length >= 10 && turns(run) >= 3) || (run.length >= 20 && /^[\da-f]+$/i.test(run));
};

/** Tokens that say by their beginning what they are: of GitHub, GitLab, AWS, Google, Vault, Slack, DigitalOcean, Yandex, and of JOSE. */
const prefixed =
  /^(?:gh[opsur]_|github_pat_|gl(?:pat|ptt|rt|dt)-|A[KS]IA[A-Z\d]{12}|AIza|ya29\.|hv[bsr]\.|s\.[A-Za-z\d]{20}|xox[a-z]-|xapp-|sk-|pk-|do[opr]_v1_|t1\.|c1\.|eyJ|k8s-aws-v1|npm_|pypi-|SG\.|kubeconfig-u-|AQoDYXdz|FwoGZXIvYXdz|IQoJb3JpZ2lu|LS0tLS1CRUdJTi)/;
const leastOfPrefixed = 8;
const isPrefixed = (word: string): boolean => word.length >= leastOfPrefixed && prefixed.test(word);

/**
 * Whether a word looks as if drawn at random, as tokens, keys and signatures do, and names, paths, error codes and exceptions do not.
 * @param word without white space
 */
const isOpaque = (word: string): boolean => {
  if (isPrefixed(word)) return true;
  const runs = word.match(/[A-Za-z\d]+/g) ?? [];
  return runs.some(isOpaqueRun) || (word.length >= 16 && turns(runs.join('')) >= 6) || /[A-Za-z\d+/]{16}={1,2}$/.test(word);
};

const hidden = '***';

/** Names whose values are secrets. */
const secretName =
  /token|secret|passw(?:or)?d|passphrase|pwd|passcode|credential|authorization|cookie|(?:api|private|access|client|account|signing|encryption|subscription|ssh|shared)[ _-]?key|^key$|session|signature|^sig$|assertion|^otp$|^pin$|jwt|bearer|saml|nonce|device_?code|auth_?code/i;
/** Words of people: what stands behind a colon and has one of them is a sentence. */
const prose =
  /\b(?:errors?|fail(?:ed|s|ure)?|invalid|expired?|expir\w{2,6}|not|no|cannot|can't|could|unable|denied|refused|missing|required?|expected|exit|unauthori[sz]ed|forbidden|wrong|unknown|unsupported|timeout|timed|while|when|please|must|should|has|have|is|was|are|received|rejected|revoked|unexpected|empty|null|undefined|none|true|false|get|post|put|context|response|status|bad|login|log|malformed|does)\b/i;

/** An address without what identifies somebody: its user, the values of its query, its fragment, and what is opaque in its path. */
const address = (url: string): string => {
  const [, scheme = '', rest = ''] = /^([^:]+:\/\/)(.*)$/s.exec(url) ?? [];
  const [place = '', ...more] = rest.split(/(?=[?#])/);
  const at = place.lastIndexOf('@');
  const shown = place
    .slice(at + 1)
    .split('/')
    .map((part) => part.replace(/[A-Za-z\d+=_%~-]{8,}/g, (word) => (isOpaque(word) ? hidden : word)))
    .join('/');
  const [behind = ''] = more;
  const query = behind === '' || behind.length === 1 ? behind : `${behind.charAt(0)}${hidden}`;
  return `${scheme}${at < 0 ? '' : `${hidden}@`}${shown}${query}`;
};
const addresses = /\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s"'<>`\\]+/gi;

/** `user:password@host`, without a scheme. */
const logins = /(?<![^\s"'(=,])[^\s"'(=,:@/]{1,64}:[^\s"'@/]{1,200}@(?=[\w[])/g;

/** A name and its `=` or `:`; the name may be quoted, also within a text that is escaped. */
const names = /(?<![\w./-])-{0,2}(?<name>[\w.-]{2,64})\\?["']? {0,3}(?<joint>=>|:=|=|:)(?![:=]) {0,3}/g;
/** A value in quotes, escaped ones among them, also without its end; or a scheme of HTTP and a credential. */
const wholeValue =
  /^(?:\\"(?:[^"\\]|\\(?!")){0,8000}(?:\\"|$)|"(?:[^"\\]|\\.){0,8000}"?|'[^']{0,8000}'?|(?:Bearer|Basic|Digest|Negotiate|Token) +\S+)/i;

/** How much of what stands behind a secret name's sign is its value; 0 where it is a sentence. */
const valueLength = (behind: string, joint: string): number => {
  const whole = wholeValue.exec(behind)?.[0].length;
  if (whole !== undefined) return whole;
  const word = /^[^\s,;&)}\]]*/.exec(behind)?.[0] ?? '';
  if (joint === '=' || joint === ':=') return word.length;
  if (!prose.test(behind)) return /^[^,;)}\]]*/.exec(behind)?.[0].length ?? 0;
  return /^[A-Za-z][A-Za-z'’-]*[.:]?$/.test(word) && !isOpaque(word) ? 0 : word.length;
};

const withoutPairs = (line: string): string => {
  let shown = '';
  let done = 0;
  for (const { 0: found, index, groups } of line.matchAll(names)) {
    const from = index + found.length;
    if (index < done || !secretName.test(groups?.['name'] ?? '')) continue;
    const length = valueLength(line.slice(from), groups?.['joint'] ?? '');
    if (length === 0) continue;
    shown += `${line.slice(done, from)}${hidden}`;
    done = from + length;
  }
  return shown + line.slice(done);
};

/** A word behind the name of a secret, without a sign between: one that is quoted, or no word of a language. */
const namedWords =
  /(?<name>(?<![\w-])(?:access |refresh |bearer |id |client |session )?(?:token|secret|password|passwd|passphrase|passcode|credential|bearer|basic|api key|apikey|enter the code|otp)s?) {1,3}(?<quote>["'`]?)(?<word>[^\s"'`]{4,4000})\k<quote>/gi;
/** An option and its value. */
const options = /(?<name>(?<![\w-])--?[\w-]{1,64}) (?<word>[^\s-]\S{0,4000})/g;

const isWord = (word: string): boolean => /^[A-Za-z][a-z'’-]*[.,:;!?)]*$/.test(word) || /^\W*$/.test(word);

const withoutNamed = (line: string): string =>
  line
    .replace(options, (whole, name: string) => (secretName.test(name.replace(/^-+/, '')) ? `${name} ${hidden}` : whole))
    .replace(namedWords, (whole, name: string, quote: string, word: string) =>
      quote === '' && (isWord(word) || word.startsWith(hidden) || /^[<[(-]/.test(word)) ? whole : `${name} ${quote}${hidden}${quote}`,
    );

/** A word, with what joins its parts: opaque ones go as a whole, of a path only the parts that are. */
const words = /[A-Za-z\d+/=_~-][A-Za-z\d+/=_~.%-]{7,}/g;
const withoutOpaque = (line: string): string =>
  line.replace(words, (word) => {
    if (isPrefixed(word)) return hidden;
    const isPath = /^[/~.]/.test(word) || (word.includes('/') && !/[+=]/.test(word) && word.split('/').filter(isOpaque).length < 2);
    const parts = word.split(isPath ? /([/.])/ : /(\.)/);
    return parts.map((part) => (isOpaque(part) ? hidden : part)).join('');
  });

/** Keys in PEM, in one line or many, also cut and with escaped line breaks. */
const withoutPem = (text: string): string =>
  text
    .split('-----BEGIN ')
    .map((part, i) => {
      if (i === 0) return part;
      const [, end = ''] = /-----END [A-Z\d ]{0,60}-----([^]*)$/.exec(part) ?? [];
      return `${hidden}${part.includes('-----END ') ? end : (/\n(?![A-Za-z\d+/= \t\r]*(?:\n|$))[^]*$/.exec(part)?.[0] ?? '')}`;
    })
    .join('');

/**
 * What a program says, without the values that could be secrets: sentences stay, also those about tokens and passwords. Gone are the values of names
 * that sound secret, users and queries of addresses, keys in PEM, and words that look as if drawn at random.
 * @param text of several lines
 */
export const withoutValues = (text: string): string =>
  withoutPem(text)
    .split('\n')
    .map((line) => withoutOpaque(withoutNamed(withoutPairs(line.replace(addresses, address).replace(logins, `${hidden}@`)))))
    .join('\n');
