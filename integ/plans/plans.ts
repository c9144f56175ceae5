/**
 * Lives of a cluster with a user and a key store, in which a plan of failures goes wrong: calls that are throttled, fail or are never answered, functions that are
 * killed, HSMs that are replaced or never come, connects that fail. Every deed ends well or as it was before, and loses, locks, shows and buys nothing. A plan that fails is shrunk and written down.
 *
 *   npm run plans -- --runs 200 --seed 1          as many as wanted; plan k of seed s is plan 1 of seed s + k - 1
 *   npm run plans -- --replay FILE                one plan that was written down
 *
 * Options: --shrink-seconds N (300; 0 leaves a failing plan as it is), --failures FOLDER (where plans are written; .cache/plans), --verbose
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Course } from './course';
import type { Ended } from './course';
import { planOf } from './plan';
import { play } from './play';
import { World } from './world';

process.env.CDK_VALIDATION ??= 'false';

const { values } = parseArgs({
  options: {
    'runs': { type: 'string', default: '20' },
    'seed': { type: 'string', default: '1' },
    'shrink-seconds': { type: 'string', default: '300' },
    'failures': { type: 'string', default: join(__dirname, '..', '..', '.cache', 'plans') },
    'replay': { type: 'string' },
    'verbose': { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const world = new World();
  try {
    return values.replay === undefined ? await run(world) : await replay(world, values.replay);
  } finally {
    world.remove();
  }
}

async function replay(world: World, file: string): Promise<number> {
  const played = await play(world, planOf(readFileSync(file, 'utf8')));
  say(played);
  return played.problems.length === 0 ? 0 : 1;
}

async function run(world: World): Promise<number> {
  const [runs, firstSeed] = [numberOf('runs', 1), numberOf('seed', 0)];
  const course = new Course({ places: await world.places(), play: async (plan) => play(world, plan), shrinkSeconds: numberOf('shrink-seconds', 0) });
  const ended: Ended[] = [];
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const one = await course.run(seed);
    ended.push(one);
    if (one.problems.length > 0) say({ ...one, file: keep(one) });
    else if (values.verbose) say(one);
    else console.error(`${ended.length} of ${runs}: seed ${seed}, ${one.endings.join(', ')}, ${one.hostSeconds} s`);
  }
  const failing = ended.filter(({ problems }) => problems.length > 0);
  say({ plans: ended.length, failing: failing.map(({ seed }) => seed), endings: tally(ended.flatMap(({ endings }) => endings)) });
  return failing.length === 0 ? 0 : 1;
}

/** A plan that fails, as small as it could be made. */
function keep({ seed, plan }: Ended): string {
  mkdirSync(values.failures, { recursive: true });
  const file = join(values.failures, `plan-${seed}.json`);
  writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`);
  return file;
}

function numberOf(option: 'runs' | 'seed' | 'shrink-seconds', least: number): number {
  const number = Number(values[option]);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${option} takes a whole number from ${least} on, got ${values[option]}`);
  return number;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function say(line: object): void {
  console.log(JSON.stringify(line));
}

void main().then((exitCode) => {
  process.exitCode = exitCode;
});
