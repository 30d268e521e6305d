import { expect } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment, objects, program, type Ended } from './support.js';

/** The built command line as a process, with its signals. */
export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said so far on standard error. */
  readonly said: () => string;
}

export const start = (words: readonly string[], cwd?: string): Run => {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...environment(), CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((done, failed) => {
    child.on('error', failed).on('close', (code) => done({ code, stdout, stderr }));
  });
  return { child, ended, said: () => stderr };
};

/** @throws where something has not come about in time, with what was logged */
export const until = async (what: () => boolean, seconds: number, why: string, log = (): string => ''): Promise<void> => {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    if (what()) return;
    await sleep(200);
  }
  throw new Error(`${why} not within ${seconds} s${log()}`);
};

/** The kubelet writes the API server's own pod anew where that was away; requests for certificates end by themselves. */
const ofTheCluster = /^Pod\/kube-system\/kube-apiserver-|^CertificateSigningRequest\//;
export const snapshot = (kubeconfig: string): readonly string[] => objects(kubeconfig).filter((line) => !ofTheCluster.test(line));

/** A provisioner's own pods go a little after the volume that they were for. */
export const expectTheSame = async (kubeconfig: string, before: readonly string[], seconds = 20): Promise<void> => {
  const seen = (): readonly string[] => {
    try {
      return snapshot(kubeconfig);
    } catch {
      // An API server that was just away may be so once more.
      return ['nothing could be seen'];
    }
  };
  const difference = (): readonly string[] => {
    const [was, is] = [new Set(before), new Set(seen())];
    return [...[...was].filter((o) => !is.has(o)).map((o) => `gone: ${o}`), ...[...is].filter((o) => !was.has(o)).map((o) => `left: ${o}`)];
  };
  const end = performance.now() + seconds * 1_000;
  let left = difference();
  while (left.length > 0 && performance.now() < end) {
    await sleep(1_000);
    left = difference();
  }
  expect(left).toEqual([]);
};

/** mulberry32: moments that can be had again. */
export const random = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
