/**
 * Whole lives of the quick start by the stock CLI, every other one on a host that is kept busy: the timelines must be the same to the byte.
 *
 * Run: npm run lives [-- --count 10]
 */
import { availableParallelism } from 'node:os';
import { firstDifference, wholeLife } from '../cases/_harness/whole-life';
import type { Report } from 'cloudhsm-emulator';

process.env.CDK_VALIDATION ??= 'false';

/** As many as the host can run at once. */
const LOAD = availableParallelism();

async function main(args: readonly string[]): Promise<number> {
  const count = args.includes('--count') ? Number(args[args.indexOf('--count') + 1]) : 10;
  if (!(count >= 2)) throw new Error(`--count takes a number from 2 on, got ${count}`);
  const lives: Report[] = [];
  for (let life = 1; life <= count; life++) {
    const loaded = life % 2 === 0;
    const startedAt = performance.now();
    const report = await wholeLife({ load: loaded ? LOAD : 0 });
    lives.push(report);
    console.log(JSON.stringify({
      life,
      loaded,
      timelineHash: report.timelineHash,
      entries: report.timeline.length,
      emulatedSeconds: report.emulatedSeconds,
      hostSeconds: Math.round(performance.now() - startedAt) / 1000,
      deterministic: report.deterministic,
      overlapping: report.overlapping,
      partsFromTheFirst: firstDifference(lives[0], report),
    }));
  }
  const hashes = new Set(lives.map(({ timelineHash }) => timelineHash)).size;
  console.log(JSON.stringify({ lives: count, hashes }));
  return hashes === 1 ? 0 : 1;
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
