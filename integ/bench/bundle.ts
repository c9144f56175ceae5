import { statSync } from 'node:fs';
import { join } from 'node:path';
import { timesOfChild } from './child';
import { median, rounded } from './figure';
import type { Figure } from './figure';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'handlers', 'lifecycle', 'index.js');

const TURNS = 11;

/** Size of the function's code, and what loading it adds to a Node that loads nothing. */
export async function* bundleFigures(): AsyncGenerator<Figure> {
  const turns = Array.from({ length: TURNS }, () => ({ bundle: timesOfChild(`require(${JSON.stringify(BUNDLE)})`), empty: timesOfChild('') }));
  const cpu = median(turns.map(({ bundle }) => bundle.cpu)) - median(turns.map(({ empty }) => empty.cpu));
  const quickest = (name: 'bundle' | 'empty') => Math.min(...turns.map((turn) => turn[name].wall));
  yield {
    figure: 'bundle',
    bytes: statSync(BUNDLE).size,
    goalBytes: 1_300_000,
    requireCpuMilliseconds: rounded(cpu, 0),
    // The quickest are those that others disturbed least.
    requireMilliseconds: rounded(quickest('bundle') - quickest('empty'), 0),
    goalMilliseconds: 200,
    ratioToEmptyNode: rounded(median(turns.map(({ bundle }) => bundle.cpu)) / median(turns.map(({ empty }) => empty.cpu)), 2),
  };
}
