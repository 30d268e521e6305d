import * as z from 'zod/mini';

/** What leaves as upstream's report, held against these before it does: upstream's monitor answers most mistakes with a mere 500. */

const uuid = z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const subject = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
const moment = z.strictObject({ timestamp: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{6})?$/)) });
const day = z.strictObject({ timestamp: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)) });
/** FAIL, ABORT, PASS; there is none for what is missing. */
const result = z.union([z.literal(-1), z.literal(0), z.literal(1)]);
const testcase = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
const line = z.string().check(z.maxLength(600), z.regex(/^[^\p{Cc}<>&]*$/u));
const counter = z.int().check(z.nonnegative());

const invocation = z.strictObject({
  id: uuid,
  cmd: line,
  results: z.record(testcase, result),
  rc: counter,
  stdout: z.array(line),
  stderr: z.array(line),
  info: counter,
  warning: counter,
  error: counter,
  critical: counter,
});

/** The form with an invocation for each testcase. */
export const invocationsReport = z.strictObject({
  spec: z.strictObject({ uuid, name: line, url: z.string().check(z.maxLength(2_000), z.regex(/^https:\/\/[^\s<>&]+$/)) }),
  checked_at: moment,
  reference_date: day,
  subject,
  run: z.strictObject({
    uuid,
    argv: z.array(line),
    assignment: z.strictObject({}),
    sections: z.null(),
    forced_version: z.null(),
    forced_tests: z.null(),
    invocations: z.record(uuid, invocation),
  }),
});
