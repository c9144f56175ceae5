/**
 * Runs the stages of a list one after the other, also after one has failed, and says at the end which ones did and how long each took.
 *
 *   tsx scripts/run-stages.ts test | ci | <stage>…
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** Tasks of .projenrc.ts that use one core each and do not touch what the others read: they run at the same time. */
type Group = readonly string[];

const TESTS: readonly Group[] = [['unit'], ['emulator:test'], ['cases']];

const LISTS: Readonly<Record<string, readonly Group[]>> = {
  test: [['build:stale'], ['typecheck', 'eslint'], ...TESTS],
  ci: [
    ['default'], ['pre-compile'], ['compile', 'build:emulator'], ['build:stale'], ['eslint', 'post-compile', 'typecheck'], ...TESTS,
    ['cases:other', 'conformance', 'arrows', 'licences', 'shellcheck', 'package:js'],
  ],
};

interface Outcome {
  readonly stage: string;
  readonly failed: boolean;
  readonly seconds: number;
}

async function runGroup(stages: Group): Promise<Outcome[]> {
  return Promise.all(stages.map(async (stage) => runStage(stage, stages.length > 1)));
}

/** What stages print that run at the same time is shown when each has ended. */
function runStage(stage: string, beside: boolean): Promise<Outcome> {
  if (!beside) console.log(`\n▶ ${stage}`);
  const start = Date.now();
  const printed: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'projen', 'bin', 'projen'), stage], {
      cwd: ROOT, stdio: beside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    [child.stdout, child.stderr].forEach((stream) => stream?.on('data', (chunk: Buffer) => printed.push(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (beside) console.log(`\n▶ ${stage}\n${Buffer.concat(printed).toString('utf8').trimEnd()}`);
      resolve({ stage, failed: code !== 0, seconds: (Date.now() - start) / 1000 });
    });
  });
}

async function main(args: readonly string[]): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const group of args.flatMap((arg) => LISTS[arg] ?? [[arg]])) outcomes.push(...await runGroup(group));
  const failed = outcomes.filter((outcome) => outcome.failed);
  console.log('');
  for (const { stage, failed: bad, seconds } of outcomes) console.log(`${bad ? '✗' : '✓'} ${stage.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);
  console.log(`\nstages: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) {
    console.log(`FAILED: ${failed.map(({ stage }) => stage).join(', ')} (once more: npx projen <stage>)`);
    process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
