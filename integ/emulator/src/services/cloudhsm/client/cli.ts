import { demand, parseOptions } from './arguments';
import type { Options } from './arguments';
import { COMMANDS, NOT_BUILT } from './commands';
import type { Command } from './commands/command';
import { configured, connect, NotConnected } from './connect';
import type { RunInput, RunOutput } from './input';
import { credentials, Session } from './session';
import { NotBuilt, Prompt, Refusal, sayIn, UsageError } from './stop';
import type { Context } from '../../../wire/operation';

/** `cloudhsm-cli <command>`: single command mode. Succeeds or fails with a JSON envelope on stdout. */
export function cli(context: Context, input: RunInput): RunOutput {
  const charge = context.row<number>('cloudhsm-client/charge-start');
  const done = (result: Partial<RunOutput>): RunOutput => ({ exitCode: 0, stdout: '', stderr: '', chargeMs: charge, ...result });
  const [first = '--help'] = input.argv;
  if (['--version', '-V'].includes(first)) return done({ stdout: `cloudhsm-cli ${input.version ?? context.row('cloudhsm-client/version')}\n` });
  if (['--help', '-h', 'help'].includes(first)) return done({ stdout: usage() });
  try {
    return run(context, input, done, charge);
  } catch (error) {
    if (error instanceof Prompt) return done({ prompt: { text: error.message, echo: false }, chargeMs: 0 });
    if (error instanceof UsageError) {
      return done({ exitCode: context.row('cloudhsm-client/exit-usage'), stderr: `error: ${error.message}\n\nFor more information, try '--help'.\n` });
    }
    if (!(error instanceof Refusal)) throw error;
    return done({
      ...failure(context, error),
      ...(error instanceof NotConnected ? { chargeMs: charge + error.chargeMs, stderr: hint(error) } : {}),
    });
  }
}

function run(context: Context, input: RunInput, done: (result: Partial<RunOutput>) => RunOutput, charge: number): RunOutput {
  const { command, rest } = commandOf(input.argv);
  const options = parseOptions(rest, { ...command.options, 'cluster-id': 'one', 'help': 'flag' }, { '-h': 'help', '-v': 'verbose' });
  if (options.has('help')) return done({ stdout: usage(command) });
  demand(options, ...command.required ?? []);
  const work = command.prepare(context, options, input.answers ?? [], input);
  const entry = configured(context, input, options.one(command.betweenClusters ? 'source-cluster-id' : 'cluster-id'));
  const login = command.roles.length > 0 ? credentials(input.env) : undefined;
  const session = new Session(context, connect(context, input, entry));
  // Refusals are answers, not exceptions, from here on: what the HSMs noted, failed logins above all, must stay.
  try {
    if (login) {
      session.login(login);
      session.demandRole(...command.roles);
    }
    const stdout = envelope(0, command.betweenClusters ? onBoth(context, input, options, session, work) : work(session));
    noteTime(context, session, charge);
    return done({ stdout, chargeMs: charge + session.chargeMs, ...(session.written.length > 0 ? { files: session.written } : {}) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return done({ ...failure(context, error), chargeMs: charge + session.chargeMs });
  } finally {
    session.close();
  }
}

/** On the destination too somebody logs in, by variables of its own. */
function onBoth(context: Context, input: RunInput, options: Options, session: Session, work: ReturnType<Command['prepare']>): unknown {
  const entry = configured(context, input, options.one('destination-cluster-id'));
  const destination = new Session(context, connect(context, input, entry));
  try {
    destination.login(credentials(input.env, 'DESTINATION_'));
    return work(session, destination);
  } finally {
    destination.close();
    session.chargeMs += destination.chargeMs;
  }
}

/** A command's time is the cluster's own; the report counts one command of a script for the floor. */
function noteTime(context: Context, session: Session, charge: number): void {
  context.busy(`command of ${context.caller.activityId ?? 'nobody'}`, session.clusterId, charge + session.chargeMs);
}

function commandOf(argv: readonly string[]): { command: Command; rest: readonly string[] } {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = end === -1 ? argv : argv.slice(0, end);
  const command = COMMANDS.find(({ path }) => path === words.join(' '));
  if (command) return { command, rest: argv.slice(words.length) };
  const spoken = words.join(' ');
  const known = NOT_BUILT.find((path) => `${spoken} `.startsWith(`${path} `));
  if (known) throw new NotBuilt(`cloudhsm-cli ${spoken}`);
  throw new UsageError(`unrecognized subcommand '${spoken || argv[0]}'`);
}

function failure(context: Context, refusal: Refusal): Pick<RunOutput, 'exitCode' | 'stdout'> {
  return { exitCode: context.row('cloudhsm-client/exit-failed'), stdout: envelope(1, sayIn(context, refusal.row, refusal.values)) };
}

function envelope(errorCode: 0 | 1, data: unknown): string {
  return `${JSON.stringify({ error_code: errorCode, data }, null, 2)}\n`;
}

/** The tool's own text misleads; the emulator knows what is in the way. */
function hint(error: NotConnected): string {
  return error.hint ? `[emulator] ${error.hint}\n` : '';
}

function usage(command?: Command): string {
  if (!command) return ['Usage: cloudhsm-cli <COMMAND>', '', 'Commands:', ...COMMANDS.map(({ path }) => `  ${path}`), ''].join('\n');
  const options = Object.entries({ ...command.options, 'cluster-id': 'one' }).map(([name, shape]) => `  --${name}${shape === 'flag' ? '' : ' <value>'}`);
  return [`Usage: cloudhsm-cli ${command.path} [OPTIONS]`, '', 'Options:', ...options, '  -h, --help', ''].join('\n');
}
