import { spawnSync } from 'node:child_process';

/** What a program took, in milliseconds. */
export interface ChildTimes {
  /** Of processors: steady on a machine that others share. Work on several threads at once counts for each. */
  readonly cpu: number;
  /** From start to end. */
  readonly wall: number;
}

/** Runs a program of JavaScript in a Node of its own; it fails when the program does. */
export function timesOfChild(program: string, environment: Readonly<Record<string, string>> = {}): ChildTimes {
  const measured = `process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(3, String((user + system) / 1000)); });\n${program}`;
  const from = performance.now();
  const { status, output, stderr } = spawnSync(process.execPath, ['-e', measured], {
    env: { ...process.env, ...environment }, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`a measured program ended with ${status}: ${stderr}`);
  return { cpu: Number(output[3]), wall: performance.now() - from };
}
