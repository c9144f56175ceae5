import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { median, rounded } from './figure';
import type { Figure } from './figure';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handlers', 'lifecycle', 'index.js');

/** What every bundle with an SDK client loads, whoever wrote it. */
const BASELINE = 'https';

const REPETITIONS = 15;

/** Size of the function's code, and how long Node takes to load it in a fresh process. */
export async function* bundleFigures(): AsyncGenerator<Figure> {
  const turns = Array.from({ length: REPETITIONS }, () => ({ bundle: millisecondsToLoad(BUNDLE), baseline: millisecondsToLoad(BASELINE) }));
  const milliseconds = median(turns.map(({ bundle }) => bundle));
  const baselineMilliseconds = median(turns.map(({ baseline }) => baseline));
  yield {
    figure: 'bundle',
    bytes: statSync(BUNDLE).size,
    goalBytes: 1_300_000,
    requireMilliseconds: rounded(milliseconds, 1),
    goalMilliseconds: 200,
    // The quickest run is the one that others disturbed least.
    quickestMilliseconds: rounded(Math.min(...turns.map(({ bundle }) => bundle)), 1),
    ratioToNodeHttps: rounded(milliseconds / baselineMilliseconds, 2),
  };
}

function millisecondsToLoad(module: string): number {
  const program = `const from = performance.now(); require(${JSON.stringify(module)}); console.log(performance.now() - from)`;
  return Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
}
