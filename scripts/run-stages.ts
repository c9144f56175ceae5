/**
 * Runs the stages of a list one after the other, also after one has failed, and says at the end which ones did and how long each took.
 *
 *   tsx scripts/run-stages.ts test | ci | <stage>…
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Each is a task of .projenrc.ts. */
const TEST = ['build:stale', 'typecheck', 'eslint', 'unit', 'emulator:test', 'cases'];

const LISTS: Readonly<Record<string, readonly string[]>> = {
  test: TEST,
  ci: ['default', 'pre-compile', 'compile', 'post-compile', ...TEST, 'cases:other', 'arrows', 'licences', 'shellcheck', 'package:js'],
};

interface Outcome {
  readonly stage: string;
  readonly failed: boolean;
  readonly seconds: number;
}

function runStage(stage: string): Outcome {
  console.log(`\n▶ ${stage}`);
  const start = Date.now();
  const { status, error } = spawnSync(process.execPath, [join(ROOT, 'node_modules', 'projen', 'bin', 'projen'), stage], { cwd: ROOT, stdio: 'inherit' });
  if (error) throw error;
  return { stage, failed: status !== 0, seconds: (Date.now() - start) / 1000 };
}

function main(args: readonly string[]): void {
  const stages = args.flatMap((arg) => LISTS[arg] ?? [arg]);
  const outcomes = stages.map(runStage);
  const failed = outcomes.filter((outcome) => outcome.failed);
  console.log('');
  for (const { stage, failed: bad, seconds } of outcomes) console.log(`${bad ? '✗' : '✓'} ${stage.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);
  console.log(`\nstages: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) {
    console.log(`FAILED: ${failed.map(({ stage }) => stage).join(', ')} (once more: npx projen <stage>)`);
    process.exitCode = 1;
  }
}

main(process.argv.slice(2));
