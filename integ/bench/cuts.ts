/**
 * A deploy of the quick start whose journal is cut off after each of its records in turn: every rest opens, and comes to a state in which
 * nothing is owed and no stack is in progress. A cut inside a record opens as the one before it, which is a unit test of the kernel.
 *
 * Run: npm run cuts [-- --every 10 --from 0 --workers 2 --deployed <state folder of a deploy>]
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quickStart } from '../apps/quick-start';
import { deployDirectly } from '../cases/_harness/direct';
import { Offline } from '../cases/_harness/offline';
import { Emulator } from 'cloudhsm-emulator';

process.env.CDK_VALIDATION ??= 'false';

const REGION = 'eu-west-1';

/** Host milliseconds without any progress after which a state is taken never to come to rest: longer than an activity may hold its turn. */
const STALL_LIMIT_MS = 120_000;

interface Rest {
  readonly record: number;
  /** What the stacks came to; a state from before the first stack has none. */
  readonly statuses: readonly string[];
  readonly problems: readonly string[];
  readonly hostSeconds: number;
}

/** Offsets at which records end; the first is the journal before any record. */
function boundaries(journal: Buffer): number[] {
  return [0, ...[...journal.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1)];
}

async function restOf(home: string, state: string, journal: Buffer, record: number, end: number): Promise<Rest> {
  const folder = join(home, `cut-${record}`);
  const problems: string[] = [];
  const startedAt = performance.now();
  cpSync(state, folder, { recursive: true });
  writeFileSync(join(folder, 'journal'), journal.subarray(0, end));
  const emulator = await Emulator.start({ region: REGION, bootstrap: ['none'], state: folder });
  emulator.kernel.onInternalError = (error) => problems.push(error.message);
  if (!await comesToRest(emulator)) problems.push('something is owed and nothing moves');
  const { stacks } = emulator.report();
  // A change set that nobody executed is not in progress, whatever the stack's status says.
  for (const { name, status } of stacks) {
    if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') problems.push(`stack ${name} is ${status}`);
  }
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
  return { record, statuses: stacks.map(({ name, status }) => `${name} ${status}`), problems, hostSeconds: Math.round(performance.now() - startedAt) / 1000 };
}

/** However long a busy host takes over it, as long as it gets on. */
async function comesToRest({ kernel }: Emulator): Promise<boolean> {
  let progress = '';
  let movedAt = performance.now();
  while (kernel.busy) {
    const seen = JSON.stringify([kernel.now, kernel.queue.all().length, kernel.activities.all()]);
    if (seen !== progress) movedAt = performance.now();
    else if (performance.now() - movedAt > STALL_LIMIT_MS) return false;
    progress = seen;
    await new Promise((soon) => setTimeout(soon, 10));
  }
  return true;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function deployed(state: string): Promise<string> {
  const offline = await Offline.start({ region: REGION, state });
  await deployDirectly(offline, offline.synth(quickStart()));
  await offline.stop();
  return state;
}

async function main(args: readonly string[]): Promise<number> {
  const option = (name: string, standard: number) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : standard);
  const every = option('--every', 1);
  const from = option('--from', 0);
  const home = mkdtempSync(join(tmpdir(), 'cloudhsm-cuts-'));
  try {
    const state = args.includes('--deployed') ? args[args.indexOf('--deployed') + 1] : await deployed(join(home, 'deployed'));
    const journal = readFileSync(join(state, 'journal'));
    const ends = boundaries(journal);
    const chosen = [...ends.entries()].filter(([record]) => record >= from && (record - from) % every === 0);
    console.log(JSON.stringify({ records: ends.length - 1, bytes: journal.length, every, from, cuts: chosen.length }));

    const rests: Rest[] = [];
    const queue = [...chosen];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const rest = await restOf(home, state, journal, ...next);
        rests.push(rest);
        if (rest.problems.length > 0) console.log(JSON.stringify(rest));
        if (rests.length % 25 === 0) console.error(`${rests.length} of ${chosen.length} cuts`);
      }
    };
    await Promise.all(Array.from({ length: option('--workers', 2) }, work));

    const unsettled = rests.filter(({ problems }) => problems.length > 0);
    console.log(JSON.stringify({
      cuts: rests.length,
      unsettled: unsettled.map(({ record }) => record).sort((a, b) => a - b),
      endings: tally(rests.map(({ statuses }) => statuses.join(', ') || 'no stack')),
      longestHostSeconds: Math.max(...rests.map(({ hostSeconds }) => hostSeconds)),
    }));
    return unsettled.length === 0 ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
