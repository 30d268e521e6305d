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
export const isPrefixed = (word: string): boolean => word.length >= leastOfPrefixed && prefixed.test(word);

/**
 * Whether a word looks as if drawn at random, as tokens, keys and signatures do, and names, paths, error codes and exceptions do not.
 * @param word without white space
 */
export const isOpaque = (word: string): boolean => {
  if (isPrefixed(word)) return true;
  const runs = word.match(/[A-Za-z\d]+/g) ?? [];
  return runs.some(isOpaqueRun) || (word.length >= 16 && turns(runs.join('')) >= 6) || /[A-Za-z\d+/]{16}={1,2}$/.test(word);
};
