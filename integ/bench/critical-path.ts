import { median, rounded } from './figure';
import type { Figure } from './figure';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';

export interface CriticalPathOptions {
  readonly hsmCounts: readonly number[];
  /** How many seeds, each of which draws other service times. */
  readonly seeds: number;
  readonly firstSeed: number;
}

/** More than an account may have unless it asked for more. */
const QUOTAS = { hsms: 28 };

/** Emulated time of the quick start over the service's own, for fleets of several sizes: a line for each. */
export async function* criticalPathFigures({ hsmCounts, seeds, firstSeed }: CriticalPathOptions): AsyncGenerator<Figure> {
  for (const hsmCount of hsmCounts) {
    const runs = [];
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const one = { seed, ...await run(hsmCount, seed) };
      runs.push(one);
      // Beside the figures, for whoever waits.
      console.error(`${hsmCount} HSMs, seed ${seed}: ${one.overFloor.toFixed(4)}, ${one.addedSeconds.toFixed(0)} s over ${one.floorSeconds.toFixed(0)} s`);
    }
    const worst = runs.reduce((a, b) => (b.overFloor > a.overFloor ? b : a));
    yield {
      figure: 'critical-path',
      hsmCount,
      seeds,
      medianOverFloor: rounded(median(runs.map(({ overFloor }) => overFloor)), 4),
      goalMedian: 1.03,
      worstOverFloor: rounded(worst.overFloor, 4),
      goalWorst: 1.05,
      worstSeed: worst.seed,
      worstFloorSeconds: worst.floorSeconds,
      medianAddedSeconds: rounded(median(runs.map(({ addedSeconds }) => addedSeconds)), 1),
    };
  }
}

async function run(hsmCount: number, seed: number): Promise<{ overFloor: number; floorSeconds: number; addedSeconds: number }> {
  const offline = await Offline.start({ region: 'eu-west-1', seed, quotas: QUOTAS });
  try {
    const { stacks } = await deployDirectly(offline, offline.synth(quickStart({ hsmCount })));
    const failed = stacks.find(({ status }) => status !== 'CREATE_COMPLETE');
    if (failed) throw new Error(`seed ${seed}, ${hsmCount} HSMs: ${failed.name} is ${failed.status}: ${failed.reason ?? ''}`);
    const { floorSeconds, actualSeconds } = offline.report().criticalPath;
    return { overFloor: actualSeconds / floorSeconds, floorSeconds, addedSeconds: actualSeconds - floorSeconds };
  } finally {
    await offline.stop();
  }
}
