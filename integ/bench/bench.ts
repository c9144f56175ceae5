/**
 * Figures as JSON lines. Times are ratios of things measured in turns in one run: absolute times of a machine that others share say little.
 *
 *   npm run bench                                                        all figures, in a few minutes
 *   npm run bench -- synth bundle                                        some of them
 *   npm run bench -- critical-path --hsms 2,3,6,28 --seeds 25            as the goals are defined; takes the better part of an hour
 *   npm run bench -- key-store-path --seeds 25                           the same on the way to a key store
 *   npm run bench -- critical-path --hsms 28 --first-seed 14 --seeds 1   one run again
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFigures } from './bundle';
import { criticalPathFigures, keyStorePathFigures } from './critical-path';
import { deployFigures } from './deploy';
import { emulatorFigures } from './emulator';
import type { Figure } from './figure';
import { synthFigures } from './synth';
import { waitingFigures } from './waiting';

// The validator of templates takes seconds and would hide what is compared.
process.env.CDK_VALIDATION ??= 'false';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'hsms': { type: 'string', default: '2,3,6,28' },
    'seeds': { type: 'string', default: '2' },
    'first-seed': { type: 'string', default: '1' },
  },
});

const SEEDS = { seeds: Number(values.seeds), firstSeed: Number(values['first-seed']) };

const FIGURES: Readonly<Record<string, () => AsyncIterable<Figure>>> = {
  'synth': synthFigures,
  'bundle': bundleFigures,
  'deploy': deployFigures,
  'waiting': waitingFigures,
  'emulator': emulatorFigures,
  'critical-path': () => criticalPathFigures(values.hsms.split(',').map(Number), SEEDS),
  'key-store-path': () => keyStorePathFigures(SEEDS),
};

async function main(): Promise<void> {
  const unknown = positionals.filter((name) => !(name in FIGURES));
  if (unknown.length > 0) throw new Error(`there is no figure ${unknown.join(', ')}; there are ${Object.keys(FIGURES).join(', ')}`);
  say(machine());
  for (const name of positionals.length > 0 ? positionals : Object.keys(FIGURES)) for await (const figure of FIGURES[name]()) say(figure);
}

function say(figure: Figure): void {
  console.log(JSON.stringify(figure));
}

function machine(): Figure {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return { figure: 'machine', node: process.version, cores: cpus().length, load: loadavg()[0], library: version };
}

void main();
