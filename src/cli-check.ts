import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { exitCodes, exitOf, type ExitCode } from './exit.js';
import type { Inputs } from './inputs.js';
import { check, type Checked } from './main.js';
import { reasonOf, UserError } from './model/errors.js';
import { json, markdownFile, scsReport, terminal } from './reporters/index.js';
import type { Arguments } from './terminal/arguments.js';
import { inWorld } from './terminal/in-world.js';
import { inputsOf } from './terminal/inputs.js';
import { coloured, redactor, tell, width, write } from './terminal/screen.js';

/** The report in the form that was asked for: nothing else goes to standard output. */
const reportText = (args: Arguments, { report, checkedAt }: Checked, subject: string | undefined): string => {
  const reporter = { json, markdown: markdownFile, table: terminal, 'scs-report': scsReport }[args.format];
  const deliveries = reporter.report(report, {
    commentKey: '',
    colour: coloured(args),
    width,
    verbose: args.verbose,
    ...(subject === undefined ? {} : { handIn: { subject, runId: randomUUID(), checkedAt } }),
  });
  return deliveries.map((d) => (d.kind === 'terminal' || d.kind === 'file' ? d.text : '')).join('');
};

/** Judges a cluster and gives everything back, also where it is interrupted. */
const onCluster = (inputs: Inputs, use: (checked: Checked) => Promise<ExitCode>): Promise<ExitCode> =>
  inWorld(async ({ world, say, settle }) => {
    const checked = await check(inputs, world);
    settle();
    const code = await use(checked);
    for (const warning of await checked.close()) say(`warning: ${warning}`);
    return code;
  });

/** The command `check`. */
export const runCheck = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args.raw);
  return onCluster(inputs, (checked) => {
    write(reportText(args, checked, inputs.subject));
    const { code, because } = exitOf(checked.report, inputs.failOn);
    if (because !== '') tell(`exit code ${code}: ${because}\n`);
    return Promise.resolve(code);
  });
};

/** The command `record`. */
export const runRecord = (args: Arguments): Promise<ExitCode> => {
  const inputs = inputsOf(args.raw);
  const file = args.positionals[0] ?? '';
  return onCluster(inputs, async (checked) => {
    try {
      await writeFile(file, redactor.redact(checked.snapshot), { mode: 0o644 });
    } catch (cause) {
      throw new UserError([`Cannot write the snapshot to "${file}": ${reasonOf(cause)}.`], { cause });
    }
    tell(`recorded to ${file}; replay it with --cluster snapshot:${file}\n`);
    return exitCodes.fine;
  });
};
