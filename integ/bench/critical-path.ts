import { median, rounded } from './figure';
import type { Figure } from './figure';
import { keyStoreApp } from '../apps/key-store';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import type { Build } from '../cases/_harness/offline';

export interface Seeds {
  /** How many, each of which draws other service times. */
  readonly seeds: number;
  readonly firstSeed: number;
}

/** More than an account may have unless it asked for more. */
const QUOTAS = { hsms: 28 };

const GOALS = { goalMedian: 1.03, goalWorst: 1.05 };

/** Emulated time of the quick start over the service's own, for fleets of several sizes: a line for each. */
export async function* criticalPathFigures(hsmCounts: readonly number[], seeds: Seeds): AsyncGenerator<Figure> {
  for (const hsmCount of hsmCounts) {
    yield { figure: 'critical-path', hsmCount, ...await overFloor(`${hsmCount} HSMs`, quickStart({ hsmCount }), seeds) };
  }
}

/** The same for the way on to a connected key store, a key in it, and what is encrypted with it. */
export async function* keyStorePathFigures(seeds: Seeds): AsyncGenerator<Figure> {
  yield { figure: 'key-store-path', ...await overFloor('key store', keyStoreApp(), seeds) };
}

async function overFloor(what: string, build: Build, { seeds, firstSeed }: Seeds): Promise<Omit<Figure, 'figure'>> {
  const runs = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const one = { seed, ...await run(build, seed) };
    runs.push(one);
    // Beside the figures, for whoever waits.
    console.error(`${what}, seed ${seed}: ${one.overFloor.toFixed(4)}, ${one.addedSeconds.toFixed(0)} s over ${one.floorSeconds.toFixed(0)} s`);
  }
  const worst = runs.reduce((a, b) => (b.overFloor > a.overFloor ? b : a));
  return {
    seeds,
    medianOverFloor: rounded(median(runs.map((one) => one.overFloor)), 4),
    worstOverFloor: rounded(worst.overFloor, 4),
    ...GOALS,
    worstSeed: worst.seed,
    worstFloorSeconds: worst.floorSeconds,
    medianAddedSeconds: rounded(median(runs.map(({ addedSeconds }) => addedSeconds)), 1),
  };
}

async function run(build: Build, seed: number): Promise<{ overFloor: number; floorSeconds: number; addedSeconds: number }> {
  const offline = await Offline.start({ region: 'eu-west-1', seed, quotas: QUOTAS });
  try {
    const { stacks } = await deployDirectly(offline, offline.synth(build));
    const failed = stacks.find(({ status }) => status !== 'CREATE_COMPLETE');
    if (failed) throw new Error(`seed ${seed}: ${failed.name} is ${failed.status}: ${failed.reason ?? ''}`);
    const { floorSeconds, actualSeconds } = offline.report().criticalPath;
    return { overFloor: actualSeconds / floorSeconds, floorSeconds, addedSeconds: actualSeconds - floorSeconds };
  } finally {
    await offline.stop();
  }
}
