import { resolve } from 'node:path';
import { ask } from './cli/control';
import { faultOf } from './cli/fault-option';
import { duration, UsageError } from './cli/options';
import { reset } from './cli/reset';
import { run } from './cli/run';
import { start } from './cli/start';
import { USAGE, version } from './cli/usage';
import { withoutPort, wordsOf } from './cli/words';

type Command = (args: string[]) => Promise<number>;

const CLOCK = 'clock advance <duration> or clock until <condition>';
const FAULT = 'fault add … or fault clear';
const IMAGE = 'image publish [x86_64|arm64]';
const SNAPSHOT = 'snapshot save <folder>';
const EXPLAIN = 'explain <request id>';

const COMMANDS: Readonly<Record<string, Command>> = {
  start,
  run,
  clock: async (args) => {
    const { words: [verb, value], port } = wordsOf(args, 2, CLOCK);
    if (verb === 'advance' && value) return print(await ask('advance', { milliseconds: duration(value) }, port));
    if (verb === 'until' && value) return print(await ask('until', { condition: value }, port));
    throw new UsageError(CLOCK);
  },
  fault: async (args) => {
    const { rest: [verb, ...options], port } = withoutPort(args);
    if (verb === 'add') return print(await ask('fault-add', faultOf(options), port));
    if (verb === 'clear' && options.length === 0) return print(await ask('fault-clear', {}, port));
    throw new UsageError(FAULT);
  },
  image: async (args) => {
    const { words: [verb, architecture], port } = wordsOf(args, 2, IMAGE);
    if (verb === 'publish') return print(await ask('publish-image', { architecture }, port));
    throw new UsageError(IMAGE);
  },
  snapshot: async (args) => {
    const { words: [verb, folder], port } = wordsOf(args, 2, SNAPSHOT);
    // Seen from here, and not from where the emulator was started.
    if (verb === 'save' && folder) return print(await ask('snapshot', { folder: resolve(folder) }, port));
    throw new UsageError(SNAPSHOT);
  },
  inspect: async (args) => print(await ask('report', {}, wordsOf(args, 0, 'inspect --json').port)),
  explain: async (args) => {
    const { words: [requestId], port } = wordsOf(args, 1, EXPLAIN);
    if (requestId) return print(await ask('explain', { requestId }, port));
    throw new UsageError(EXPLAIN);
  },
  reset: async (args) => print(await reset(wordsOf(args, 0, 'reset').port)),
};

export async function main(argv: readonly string[]): Promise<void> {
  const [name, ...args] = argv;
  if (name === '--version') {
    process.stdout.write(`${version()}\n`);
    return;
  }
  if (name === undefined || name === 'help' || asksForHelp(argv)) {
    process.stdout.write(USAGE);
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(`there is no command ${name}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await command(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** Of us, and not of the command behind `--`. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

function print(answer: unknown): number {
  process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  return 0;
}
