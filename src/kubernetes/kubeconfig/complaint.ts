import { clipMiddle, plainText } from '../../text/escape.js';
import { Redactor, redacted } from '../../text/redact.js';
import { withoutValues } from '../../text/without-values.js';

/** What a kubeconfig hands to a program, of an entry `exec`. */
interface Handed {
  readonly args?: readonly string[] | undefined;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** What an excerpt shows of what a program said. */
const maxLines = 3;
const maxCharacters = 400;

/** Values that say nothing about anybody, and that stand in every text. */
const harmless = /^(?:true|false|yes|no|none|auto|default|json|yaml|v\d(?:(?:alpha|beta)\d)?|\d{1,2}|[a-z]{2}(?:-[a-z]{2,12}){1,2}-?\d)$/;
const secretName = /token|secret|passw(?:or)?d|pwd|credential|key|code|otp|pin|auth/i;
const subcommand = /^[a-z][a-z-]*$/;

/** What a kubeconfig hands to its plugin: the values of options and of the environment, and what is no name of a subcommand. */
export const pluginValues = ({ args = [], env }: Handed): readonly string[] => {
  const values: (readonly [name: string, value: string])[] = env.map(({ name, value }) => [name, value]);
  let option: string | undefined;
  for (const arg of args) {
    const [, name, value] = /^(-{1,2}[^=]+)=([^]*)$/.exec(arg) ?? [];
    const [, short, attached] = /^(-[A-Za-z])([^-=][^]*)$/.exec(arg) ?? [];
    if (name !== undefined && value !== undefined) values.push([name, value]);
    else if (short !== undefined && attached !== undefined) values.push([short, attached]);
    else if (!arg.startsWith('-') && (option !== undefined || !subcommand.test(arg))) values.push([option ?? '', arg]);
    option = arg.startsWith('-') && name === undefined ? arg : undefined;
  }
  return values
    .flatMap(([name, value]) =>
      /^[A-Za-z_][\w-]*=./.test(value)
        ? [[name, value] as const, [name, value.slice(value.indexOf('=') + 1)] as const]
        : [[name, value] as const],
    )
    .filter(([name, value]) => value.trim() !== '' && (secretName.test(name) || !harmless.test(value)))
    .map(([, value]) => value.trim());
};

const isWordly = (char: string | undefined): boolean => char !== undefined && /\w/.test(char);

/** A text without a value, where that stands as a word of its own. */
const withoutWord = (text: string, value: string): string => {
  let shown = '';
  let done = 0;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    const within = (isWordly(value[0]) && isWordly(text[at - 1])) || (isWordly(value.at(-1)) && isWordly(text[end]));
    if (within || at < done) continue;
    shown += text.slice(done, at) + redacted;
    done = end;
  }
  return shown + text.slice(done);
};

const withoutHanded = (text: string, exec: Handed): string => {
  const values = pluginValues(exec).toSorted((a, b) => b.length - a.length);
  const redactor = new Redactor();
  values.forEach(redactor.add);
  return values.reduce(withoutWord, redactor.redact(text));
};

/** What stands around a cause: frames, the way to an exception, usage, and advice about other things. */
const noise =
  /^(?:[^A-Za-z\d]*$|Traceback |File "|at [\w.$<]+[( ]|goroutine \d|\w[\w/.-]*\(0x|Usage:|Flags:|Global Flags:|Available Commands:|Examples?:|-{1,2}[a-z][\w-]*[ ,=]|warning:|\[?warn|deprecat|\^+$|During handling of|The above exception|exit status \d+$)/i;
const strong = /\b(?:errors?|fatal|panic|AADSTS\d+|ERR_\w+|E\d{4}|F\d{4})\b|(?:Exception|Error)\b|(?:Exception|Error):|✗|❌/i;
const weak =
  /fail|expir|invalid|denied|unauthori[sz]ed|forbidden|cannot|could not|can't|unable|refused|required|timed? ?out|no such|not (?:found|logged|authenti|authori|a valid|configured|currently|running)|missing|unknown|unsupported|authenticat|["']?(?:code|message)["']?:|log ?in|re-?auth|rejected|revoked|please/i;

const lineWeight = (line: string): number => (noise.test(line) ? 0 : 1 + (weak.test(line) ? 2 : 0) + (strong.test(line) ? 3 : 0));

/** The lines that hold the cause, in their order: of several the last ones and the first one of those that sound like it most. */
const excerptOf = (lines: readonly string[]): readonly string[] => {
  const scored = lines.map((line, i) => ({ line, i, score: lineWeight(line) }));
  const best = scored.toSorted((a, b) => b.score - a.score || b.i - a.i);
  const first = scored.find(({ score }) => score === best[0]?.score);
  const chosen = new Set([...(first === undefined ? [] : [first]), ...best].slice(0, maxLines + 1));
  return [...chosen]
    .filter(({ score }) => score > 0 || best[0]?.score === 0)
    .slice(0, maxLines)
    .sort((a, b) => a.i - b.i)
    .map(({ line }) => line);
};

/**
 * What a program complained about, for people: up to three lines that hold the cause, without anything that could be a secret.
 * @param blank takes known secrets out of a text
 * @param exec what the kubeconfig handed to it
 * @returns one line of at most 400 characters; `''` where it said nothing
 */
export const complaintOf = (stderr: string, blank: (text: string) => string, exec: Handed): string => {
  // Sequences go before anything is looked for: they may stand within a word.
  const plain = blank(stderr)
    .split(/\r\n|\n|\r/)
    .map((line) => plainText(line))
    .join('\n');
  const lines = withoutValues(withoutHanded(plain, exec))
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .filter((line) => line !== '');
  const excerpt = excerptOf([...new Set(lines)]);
  const room = Math.floor(maxCharacters / Math.max(1, excerpt.length)) - 3;
  const spare = excerpt.reduce((sum, line) => sum + Math.max(0, room - line.length), 0);
  return excerpt
    .map((line) => clipMiddle(line, Math.max(room + spare, 40)))
    .join(' | ')
    .slice(0, maxCharacters + 40);
};
