import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** Makes the clock of this process run so many times as fast, for what only waits for it: sleeps, timers, deadlines, and the time they read. Ends what it began. */
export const hurry = (times: number): (() => void) => {
  const real = {
    setTimeout,
    setInterval,
    sleep: timers.setTimeout,
    now: performance.now.bind(performance),
    timeout: AbortSignal.timeout.bind(AbortSignal),
  };
  const begun = real.now();
  const install = (from: typeof real): void => {
    Object.assign(globalThis, { setTimeout: from.setTimeout, setInterval: from.setInterval });
    Object.assign(timers, { setTimeout: from.sleep });
    Object.assign(performance, { now: from.now });
    Object.assign(AbortSignal, { timeout: from.timeout });
    syncBuiltinESMExports();
  };
  install({
    setTimeout: ((act: () => void, ms = 0, ...more: []) => real.setTimeout(act, ms / times, ...more)) as typeof setTimeout,
    setInterval: (act: () => void, ms = 0, ...more: []) => real.setInterval(act, ms / times, ...more),
    sleep: (ms = 0, ...more: []) => real.sleep(ms / times, ...more),
    now: () => begun + (real.now() - begun) * times,
    timeout: (ms) => real.timeout(Math.ceil(ms / times)),
  });
  return () => install(real);
};

/** The environment of a process whose clock runs so many times as fast. */
export const hurried = (times: number): Readonly<Record<string, string>> => {
  const script = `import { hurry } from '${import.meta.url}'; hurry(${times});`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};
