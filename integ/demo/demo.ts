/**
 * The main job, offline: the stock CDK CLI takes examples/quick-start from nothing to an ACTIVE cluster on the emulator.
 *
 * Run: npm run demo
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator, summary } from 'cloudhsm-emulator';
import type { Report } from 'cloudhsm-emulator';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'quick-start');

async function main(): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'cloudhsm-demo-'));
  const startedAt = Date.now();
  const emulator = await Emulator.start();
  console.log(`An emulated AWS listens on ${emulator.endpoint}. The stock CDK CLI now deploys examples/quick-start to it.\n`);
  try {
    const exitCode = await cdk(['deploy', '--all', '--require-approval', 'never', '--progress', 'events', '--output', out], emulator.environment);
    await emulator.idle();
    const report = emulator.report();
    console.log(summary(report, (Date.now() - startedAt) / 1000));
    return exitCode === 0 && !isDone(report) ? 1 : exitCode;
  } finally {
    await emulator.stop();
    rmSync(out, { recursive: true, force: true });
  }
}

/** One ACTIVE cluster with two ACTIVE HSMs in two zones. */
function isDone({ clusters: [cluster, ...others] }: Report): boolean {
  const hsms = cluster?.hsms.filter(({ state }) => state === 'ACTIVE') ?? [];
  return others.length === 0 && cluster?.state === 'ACTIVE' && hsms.length === 2 && new Set(hsms.map(({ availabilityZone }) => availabilityZone)).size === 2;
}

function cdk(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['cdk', ...args], { cwd: EXAMPLE, stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

main().then((exitCode) => {
  process.exitCode = exitCode;
}, (error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
