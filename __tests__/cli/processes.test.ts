import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputsOf } from '../../src/cli/inputs.js';
import { reportSchema } from '../../src/model/report.js';
import { tool } from '../../src/model/tool.js';
import { parsed, problemsOf } from '../helpers/command-line.js';
import { program, type Ended } from '../helpers/program.js';

// Processes, on machines that do other things as well.
jest.setTimeout(120_000);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

const embedded = ['check', '--cluster', 'embedded', '--offline'];

describe('one run, several reports', () => {
  test('standard output and files, which replace what was there', async () => {
    const [junit, markdown] = [join(folder, 'junit.xml'), join(folder, 'report.md')];
    await writeFile(markdown, 'of an earlier run');
    const files = ['--report', `junit=${junit}`, '--report', `markdown=${markdown}`];
    const { code, stdout, stderr } = await program([...embedded, '--fail-on', 'never', '-o', 'json', ...files]);
    expect([code, stderr]).toEqual([0, `junit: ${junit}\nmarkdown: ${markdown}\n`]);
    const { headline } = reportSchema.parse(JSON.parse(stdout));
    expect(await readFile(junit, 'utf8')).toMatch(/^<\?xml[^]*<testsuites[^]*<\/testsuites>\s*$/);
    expect(await readFile(markdown, 'utf8')).toContain(headline);
  });

  test('a file that cannot be written is refused before anything is read, and each of them is named', async () => {
    const files = ['--report', 'json=/no/such/folder/report.json', '--report', `junit=${folder}`];
    const { code, stdout, stderr } = await program(['check', '--kubeconfig', '/no/such/kubeconfig', ...files]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Cannot write the report "json" to "/no/such/folder/report.json": there is no folder "/no/such/folder".');
    expect(stderr).toContain(`Cannot write the report "junit" to "${folder}": it is a folder.`);
    expect(stderr).not.toContain('/no/such/kubeconfig');
    const record = await program(['record', join(folder, 'junit.xml', 'facts.json'), '--kubeconfig', '/no/such/kubeconfig']);
    expect([record.code, record.stderr]).toEqual([2, expect.stringMatching(/^Cannot write the snapshot to .*: there is no folder /)]);
  });

  const rootless = process.getuid?.() === 0 ? test : test.skip;
  rootless('a folder that another user owns', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(folder, 0o755);
    await chmod(closed, 0o755);
    const { code, stderr } = await program([...embedded, '--report', `json=${join(closed, 'report.json')}`], { uid: 65_534 });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Cannot write the report "json" to .*: permission denied\./)]);
  });
});

describe('the config file', () => {
  const text = 'fail-on: never\nstandards: [scs-0214-v2]\nreports: junit=of-the-config.xml\nprobe:\n  patience: 90s\n';

  test('of the current directory is found, its keys are named, and its reports are for workflows', async () => {
    const shell = ['-c', 'mkdir .github; printf "%s" "$CONFIG" > .github/scs-kaas.yaml; "$0" "$@"; code=$?; ls >&2; exit $code'];
    const { code, stdout, stderr } = await program([...embedded, '-o', 'json'], { shell, env: { CONFIG: text } });
    expect([code, stderr]).toEqual([0, 'Settings of .github/scs-kaas.yaml: fail-on, standards, reports, probe.patience\n']);
    const ids = reportSchema.parse(JSON.parse(stdout)).requirements.map(({ id }) => id.split('/')[0]);
    expect([...new Set(ids)]).toEqual(['scs-0214-v2']);
  });

  test('names the account for the report of the compliance monitor', async () => {
    const config = ['--config', 'subject: example-cloud'];
    const { code, stderr } = await program(['check', '-o', 'scs-report', '--kubeconfig', '/no/such/kubeconfig', ...config]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('/no/such/kubeconfig')]);
  });

  describe('in this process', () => {
    const before = process.cwd();
    beforeAll(async () => {
      const repository = join(folder, 'repository');
      await mkdir(join(repository, '.github'), { recursive: true });
      await writeFile(join(repository, '.github', 'scs-kaas.yaml'), text);
      await writeFile(join(repository, 'other.yaml'), 'tier: active\n');
      process.chdir(repository);
    });
    afterAll(() => {
      process.chdir(before);
    });
    let said: jest.SpiedFunction<typeof process.stderr.write>;
    beforeEach(() => {
      said = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    });
    afterEach(() => {
      said.mockRestore();
    });

    test.each<[readonly string[], string, readonly string[]]>([
      [[], 'light', ['scs-0214-v2']],
      [['--set', 'standards=scs-0210-v2'], 'light', ['scs-0210-v2']],
      [['--set', 'standards=scs-0210-v2', '--standards', 'scs-0217-v1'], 'light', ['scs-0217-v1']],
      [['--config', 'other.yaml'], 'active', []],
      [['--config', 'tier: heavy\nstandards: scs-0201-v1'], 'heavy', ['scs-0201-v1']],
    ])('%j', async (words, tier, standards) => {
      const { checks } = await inputsOf(parsed(['check', ...words]));
      expect(checks).toMatchObject({ tier, standards });
      // A file that was asked for needs no line.
      expect(said.mock.calls.length).toBe(words[0] === '--config' ? 0 : 1);
    });

    test('an option and --set win over a key of the file', async () => {
      const patience = async (...words: readonly string[]): Promise<number> =>
        (await inputsOf(parsed(['check', ...words]))).probes.patienceMs;
      expect([await patience(), await patience('--set', 'probe.patience=1s')]).toEqual([90_000, 1_000]);
    });

    test.each([
      [
        ['--config', 'none.yaml'],
        'Cannot read the config file none.yaml: no such file. Give the path of a text file, or the YAML text itself.',
      ],
      [['--config', 'teir: active'], 'Cannot use the config: There is no key "teir". Did you mean "tier"?'],
    ])('%j', async (words, problem) => {
      expect(await problemsOf(() => inputsOf(parsed(['check', ...words])))).toEqual([problem]);
    });

    test('its problems are told together with those of the options', async () => {
      const words = ['check', '--tier', 'hevy', '--bogus', '--config', 'none.yaml'];
      expect(await problemsOf(() => inputsOf(parsed(words)))).toHaveLength(3);
    });
  });
});

describe('words about the program', () => {
  /** The outputs of several command lines, of which one process has the time. */
  const outputsOf = async (lines: readonly string[]): Promise<readonly string[]> => {
    const script = 'while read -r line; do "$0" --no-warnings "$2" $line; printf "\\n--- %s\\n" "$?"; done <<< "$LINES_OF_WORDS" 2>&1';
    const { stdout } = await program([], { shell: ['-c', script], env: { LINES_OF_WORDS: lines.join('\n') } });
    return stdout.split(/(?<=\n--- \d+\n)/);
  };

  test('help in all its forms', async () => {
    const ofCommand = await outputsOf(['help list', 'list --help', 'list -h', 'list --bogus x y -h']);
    expect(new Set(ofCommand).size).toBe(1);
    expect(ofCommand[0]).toMatch(/^Usage: scs-kaas list[^]*\n--- 0\n$/);
    const ofProgram = await outputsOf(['', 'help', '--help', '-h', 'help --help']);
    expect(new Set(ofProgram).size).toBe(1);
    expect(ofProgram[0]).toMatch(/^Usage: scs-kaas COMMAND[^]*\n--- 0\n$/);
    const [unknown = '', behind = ''] = await outputsOf(['help chekc', 'list -- --help']);
    expect(unknown).toMatch(/^There is no command "chekc";.*Did you mean "check"\?\n\n--- 2\n$/);
    expect(behind).toMatch(/^There is no standard "--help"\.[^]*\n--- 2\n$/);
  });

  test('the version', async () => {
    expect(await outputsOf(['version', '--version', '-V'])).toEqual(
      Array.from({ length: 3 }, () => `${tool.name} ${tool.version}\n\n--- 0\n`),
    );
  });
});

describe('the completion of bash', () => {
  let script: Ended;
  beforeAll(async () => {
    script = await program(['completion', 'bash']);
    await writeFile(join(folder, 'completion.bash'), script.stdout);
  });
  /** What bash offers at the end of a line. */
  const offers = (line: string): readonly string[] => {
    const bash = [
      'source "$0" || exit 1',
      'COMP_LINE="$*" COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))',
      'COMP_POINT=${#COMP_LINE}',
      '_scs_kaas',
      'if ((${#COMPREPLY[@]} > 0)); then printf "%s\\n" "${COMPREPLY[@]}"; fi',
    ].join('\n');
    const words = line.split(' ');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', bash, join(folder, 'completion.bash'), ...words], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return stdout.split('\n').slice(0, -1);
  };

  test.each<[string, readonly string[]]>([
    ['scs-kaas ch', ['check']],
    ['scs-kaas check --ti', ['--tier', '--timeout']],
    ['scs-kaas check --tie', ['--tier']],
    ['scs-kaas check --tier ', ['light', 'active', 'heavy']],
    ['scs-kaas check --tier a', ['active']],
    ['scs-kaas check --tier active --ti', ['--timeout']],
    ['scs-kaas check --report ju', ['junit=']],
    ['scs-kaas merge x.json -o ', ['table', 'json', 'markdown', 'scs-report']],
    ['scs-kaas completion ', ['bash', 'zsh', 'fish']],
    ['scs-kaas explain scs-0214-v2/zone', ['scs-0214-v2/zone-label']],
  ])('%j', (line, wanted) => {
    expect([script.code, script.stderr]).toEqual([0, '']);
    expect(offers(line)).toEqual(wanted);
  });

  test('a requirement by its standard', () => {
    const found = offers('scs-kaas explain scs-0214-v2/');
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((id) => !id.startsWith('scs-0214-v2/'))).toEqual([]);
  });
});
