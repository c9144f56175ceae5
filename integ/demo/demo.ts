/**
 * The main job, offline: the stock CDK CLI takes examples/encrypted-bucket from nothing to an ACTIVE cluster, a CONNECTED key store and a bucket whose key is
 * in the HSMs, and the AWS SDK writes an object there and reads it back.
 *
 * Run: npm run demo
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAndRead } from './bucket';
import type { RoundTrip } from './bucket';
import { Emulator, summary } from 'cloudhsm-emulator';
import type { Report } from 'cloudhsm-emulator';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = 'encrypted-bucket';

async function main(): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'cloudhsm-demo-'));
  const outputs = join(out, 'outputs.json');
  const startedAt = Date.now();
  const emulator = await Emulator.start();
  console.log(`An emulated AWS listens on ${emulator.endpoint}. The stock CDK CLI now deploys examples/${EXAMPLE} to it.\n`);
  try {
    const exitCode = await cdk(
      ['deploy', '--all', '--require-approval', 'never', '--progress', 'events', '--output', join(out, 'assembly'), '--outputs-file', outputs],
      emulator.environment);
    await emulator.idle();
    const object = exitCode === 0 ? await writeAndRead(emulator, bucketNameIn(outputs)) : undefined;
    const report = emulator.report();
    console.log(summary(report, (Date.now() - startedAt) / 1000));
    if (object) console.log(said(object));
    return exitCode === 0 && !(isActive(report) && isConnected(report) && isEncrypted(object!)) ? 1 : exitCode;
  } finally {
    await emulator.stop();
    rmSync(out, { recursive: true, force: true });
  }
}

function bucketNameIn(file: string): string {
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  return Object.values(stacks).find(({ BucketName }) => BucketName)!.BucketName;
}

function said({ isSame, keyArn, keyState, origin }: RoundTrip): string {
  return `An object was written to the bucket and read back by the AWS SDK: ${isSame ? 'the same' : 'ANOTHER'}.\nIts key is ${keyArn}: ${keyState}, origin ${origin}.\n`;
}

/** One ACTIVE cluster with two ACTIVE HSMs in two zones. */
function isActive({ clusters: [cluster, ...others] }: Report): boolean {
  const hsms = cluster?.hsms.filter(({ state }) => state === 'ACTIVE') ?? [];
  return others.length === 0 && cluster?.state === 'ACTIVE' && hsms.length === 2 && new Set(hsms.map(({ availabilityZone }) => availabilityZone)).size === 2;
}

function isConnected({ keyStores: [store, ...others] }: Report): boolean {
  return others.length === 0 && store?.connectionState === 'CONNECTED';
}

function isEncrypted({ isSame, keyState, origin }: RoundTrip): boolean {
  return isSame && keyState === 'Enabled' && origin === 'AWS_CLOUDHSM';
}

function cdk(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['cdk', ...args], { cwd: join(ROOT, 'examples', EXAMPLE), stdio: 'inherit', env: { ...process.env, ...environment } });
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
