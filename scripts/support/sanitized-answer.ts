import { homedir, hostname, userInfo } from 'node:os';
import { asOfRequest, specOf, tokenInRecording, type RecordedAnswer } from '../../__tests__/helpers/recorded-answers.js';
import type { ApiRequest, ApiResponse } from '../../src/model/ports.js';

/** Series that are judged, and some that are not, so that a reader has something to pass over. */
const keptSeries =
  /^(# (HELP|TYPE) )?(apiserver_(admission_controller_admission_duration_seconds_count|authorization_decisions_total|flowcontrol_nominal_limit_seats|current_inflight_requests|longrunning_requests)|go_goroutines|process_start_time_seconds)[ {]/;

/** Nothing here says which machine or which login it was. */
const blanked: Readonly<Record<string, string>> = {
  machineID: '00000000000000000000000000000000',
  systemUUID: '00000000-0000-0000-0000-000000000000',
  bootID: '00000000-0000-0000-0000-000000000000',
  kernelVersion: '6.12.0',
  token: tokenInRecording,
};
/** Long, and read by nobody. */
const dropped = ['managedFields', 'images', 'kubectl.kubernetes.io/last-applied-configuration'];

const sanitized = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(/\b(X509SHA256|JTI)=\S+/g, '$1=made-up');
  if (Array.isArray(value)) return value.map(sanitized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !dropped.includes(key))
      .map(([key, inner]) => [key, typeof inner === 'string' ? (blanked[key] ?? sanitized(inner)) : sanitized(inner)]),
  );
};

const bodyOf = (response: ApiResponse): unknown => {
  try {
    return sanitized(JSON.parse(response.text));
  } catch {
    return response.text
      .split('\n')
      .filter((line) => response.text.length < 10_000 || keptSeries.test(line))
      .join('\n');
  }
};

/** What one exchange leaves in the recording: no credential, no address of this machine, and of long answers what is read. */
export const toRecordedAnswer = (request: ApiRequest, response: ApiResponse): RecordedAnswer => {
  const as = asOfRequest(request);
  const spec = specOf(request.path, request.body);
  return {
    method: request.method ?? 'GET',
    path: request.path,
    ...(as === undefined ? {} : { as }),
    ...(spec === undefined ? {} : { spec }),
    status: response.status,
    headers: Object.fromEntries(
      ['content-type', 'warning'].flatMap((name) => (response.headers[name] === undefined ? [] : [[name, response.headers[name]]])),
    ),
    body: bodyOf(response),
  };
};

/** @throws where a text holds what must never be committed */
export const assertHarmless = (text: string): void => {
  const tokens = text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  const own = [hostname(), homedir(), userInfo().username === 'root' ? '' : userInfo().username].filter((word) => word.length > 3);
  const found = [...tokens.map(() => 'a token'), ...['PRIVATE KEY', ...own].filter((word) => text.includes(word))];
  if (found.length > 0) throw new Error(`The recording holds what must not be committed: ${found.join(', ')}.`);
};
