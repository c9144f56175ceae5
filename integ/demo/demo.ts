/**
 * The main job, offline: the stock CDK CLI takes examples/quick-start from nothing to an ACTIVE cluster on the emulator.
 *
 * Run: npm run demo
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summary } from './summary';
import { Emulator } from 'cloudhsm-emulator';

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
    const done = report.clusters.length === 1 && report.clusters[0].state === 'ACTIVE' && report.clusters[0].hsms.length === 2;
    return exitCode === 0 && !done ? 1 : exitCode;
  } finally {
    await emulator.stop();
    rmSync(out, { recursive: true, force: true });
  }
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
