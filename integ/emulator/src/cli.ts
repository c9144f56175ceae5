import { ask } from './cli/control';
import { faultOf } from './cli/fault-option';
import { duration, UsageError } from './cli/options';
import { reset } from './cli/reset';
import { run } from './cli/run';
import { start } from './cli/start';

const USAGE = `cloudhsm-emulator: an AWS on 127.0.0.1 for CloudHSM stacks

  start [options]                     until Ctrl-C; prints the environment to export
  run   [options] -- command …        for one command; exits as it does
  clock advance 90s                   of the emulator at AWS_ENDPOINT_URL
  clock until cluster=ACTIVE
  fault add --service S --operation O --kind K [--nth N] [--times N] [--resource TEXT] [--caller TEXT] [--param name=value]
  fault clear
  image publish [x86_64|arm64]                a newer image of Amazon's
  snapshot save FOLDER
  inspect --json                      what there is now, as a report
  explain REQUEST-ID                  who made that call, from where, what let it through or refused it
  reset                               forget everything, begin anew

options: --port N  --state DIR  --from SNAPSHOT  --clock warp|manual|real|xN  --seed N  --quota hsms=28  --variants default|other|row=variant
         --bootstrap QUALIFIER|none  --fault "--service … --operation … --kind …"  --report FILE  --key-reserve DIR
         --allow-scripts
`;

type Command = (args: string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  start,
  run,
  clock: async ([verb, value]) => {
    if (verb === 'advance' && value) return print(await ask('advance', { milliseconds: duration(value) }));
    if (verb === 'until' && value) return print(await ask('until', { condition: value }));
    throw new UsageError('clock advance <duration> or clock until <condition>');
  },
  fault: async ([verb, ...args]) => {
    if (verb === 'add') return print(await ask('fault-add', faultOf(args)));
    if (verb === 'clear') return print(await ask('fault-clear', {}));
    throw new UsageError('fault add or fault clear');
  },
  image: async ([verb, architecture]) => {
    if (verb === 'publish') return print(await ask('publish-image', { architecture }));
    throw new UsageError('image publish [x86_64|arm64]');
  },
  snapshot: async ([verb, folder]) => {
    if (verb === 'save' && folder) return print(await ask('snapshot', { folder }));
    throw new UsageError('snapshot save <folder>');
  },
  inspect: async () => print(await ask('report', {})),
  explain: async ([requestId]) => {
    if (requestId) return print(await ask('explain', { requestId }));
    throw new UsageError('explain <request id>');
  },
  reset: async () => print(await reset()),
};

export async function main(argv: readonly string[]): Promise<void> {
  const [name, ...args] = argv;
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command) {
    process.stderr.write(USAGE);
    process.exitCode = name === undefined || name === '--help' ? 0 : 2;
    return;
  }
  try {
    process.exitCode = await command(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

function print(answer: unknown): number {
  process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  return 0;
}
