import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { guardOutput } from '../../src/cli/output.js';

const failing = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

test('a reader that closed the pipe is no fault, and does not end the process', () => {
  const told: string[] = [];
  const stream = new EventEmitter();
  guardOutput(stream, (error) => told.push(error.message));
  expect(stream.emit('error', failing('EPIPE'))).toBe(true);
  expect(told).toEqual([]);
});

test('a full disk is told, once', () => {
  const told: string[] = [];
  const stream = new EventEmitter();
  guardOutput(stream, (error) => told.push(error.message));
  stream.emit('error', failing('ENOSPC'));
  stream.emit('error', failing('ENOSPC'));
  expect(told).toEqual(['write ENOSPC']);
});

test('a real reader that goes away after the first line', () => {
  const script = `(${guardOutput.toString()})(process.stdout, () => { process.exitCode = 9; });
    const more = (n) => process.stdout.write('line\\n'.repeat(1000)) | (n > 0 && setTimeout(more, 5, n - 1)); more(50);`;
  const ended = spawnSync('bash', ['-c', '"$0" -e "$1" | head -1; echo "${PIPESTATUS[0]}"', process.execPath, script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(ended.stdout).toBe('line\n0\n');
  expect(ended.stderr).toBe('');
});
