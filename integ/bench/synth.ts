import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildSync } from 'esbuild';
import { timesOfChild } from './child';
import type { ChildTimes } from './child';
import { median, rounded } from './figure';
import type { Figure } from './figure';
import { assemblyStacks, deployed } from './l1/assembly';
import { describeAsL1s } from './l1/describe';

const ROOT = join(__dirname, '..', '..');

/** In the repository, so that what is compiled there finds its packages. */
const WORK = join(ROOT, '.cache', 'bench');
const DESCRIPTION = join(WORK, 'l1.json');

const APPS = { demo: join(ROOT, 'examples', 'quick-start', 'app.ts'), l1: join(__dirname, 'l1', 'app.ts') };

type AppName = keyof typeof APPS;

/** What the CLI tells an app: where it is, and the zones that were looked up. */
const PLACE = { CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-west-1' };
const CONTEXT = { 'availability-zones:account=111122223333:region=eu-west-1': ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] };

/** The CDK checks every template that it writes, which takes seconds and is on unless it is switched off. */
const TURNS = { checked: 3, unchecked: 11 };

/**
 * Synth of the demo over synth of the same resources as L1s, both as the CLI runs them: start Node, load, construct, check, write the assembly. The
 * second ratio is without the check, which is the same work in both and hides what constructs cost.
 */
export async function* synthFigures(): AsyncGenerator<Figure> {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  Object.entries(APPS).forEach(([name, entry]) => compile(entry, program(name as AppName)));
  synth('demo');
  writeFileSync(DESCRIPTION, JSON.stringify(assemblyStacks(assembly('demo')).map(describeAsL1s)));
  synth('l1');
  mustDeployTheSame();

  const checked = inTurns(TURNS.checked, 'true');
  const unchecked = inTurns(TURNS.unchecked, 'false');
  yield {
    figure: 'synth',
    cpuMilliseconds: rounded(checked.demo, 0),
    l1CpuMilliseconds: rounded(checked.l1, 0),
    ratio: rounded(checked.demo / checked.l1),
    goal: 1.1,
    uncheckedCpuMilliseconds: rounded(unchecked.demo, 0),
    uncheckedL1CpuMilliseconds: rounded(unchecked.l1, 0),
    uncheckedRatio: rounded(unchecked.demo / unchecked.l1),
  };
}

/** Medians of the milliseconds of processor that the processes took. */
function inTurns(count: number, validation: 'true' | 'false'): Record<AppName, number> {
  const turns = Array.from({ length: count }, () => ({ demo: synth('demo', validation), l1: synth('l1', validation) }));
  return { demo: median(turns.map(({ demo }) => demo.cpu)), l1: median(turns.map(({ l1 }) => l1.cpu)) };
}

function program(name: AppName): string {
  return join(WORK, `${name}.js`);
}

function assembly(name: AppName): string {
  return join(WORK, `${name}.out`);
}

/** So that the time of a compiler is in neither. The library is what users get: lib/ and assets/. */
function compile(entry: string, outfile: string): void {
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'warning' });
}

/** The whole process. */
function synth(name: AppName, validation: 'true' | 'false' = 'false'): ChildTimes {
  return timesOfChild(`require(${JSON.stringify(program(name))})`, {
    ...PLACE, CDK_OUTDIR: assembly(name), CDK_CONTEXT_JSON: JSON.stringify(CONTEXT), CDK_VALIDATION: validation, L1_DESCRIPTION: DESCRIPTION,
  });
}

function mustDeployTheSame(): void {
  const [demo, l1] = [assemblyStacks(assembly('demo')), assemblyStacks(assembly('l1'))];
  const different = demo.filter((stack, index) => !isDeepStrictEqual(deployed(stack), l1[index] && deployed(l1[index])));
  if (different.length > 0) throw new Error(`not the same resources as L1s: ${different.map(({ name }) => name).join(', ')}; compare the templates in ${WORK}`);
}
