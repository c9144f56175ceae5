import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { Emulator } from '../emulator';
import { faultOfText } from './fault-option';
import { emulatorOptions, parseFlags, splitCommand, UsageError } from './options';
import { failureScreen } from '../report/failure-screen';
import { summary } from '../report/summary';

/** `run … -- command`: an emulator for one command; exits as the command did. */
export async function run(args: readonly string[]): Promise<number> {
  const { own, command } = splitCommand(args);
  if (command.length === 0) throw new UsageError('run needs a command after --, for instance: run -- npx cdk deploy --all');
  const values = parseFlags(own);
  const emulator = await Emulator.start(emulatorOptions(values));
  try {
    (values.fault ?? []).map(faultOfText).forEach((fault) => emulator.addFault(fault));
    const startedAt = Date.now();
    const exitCode = await runCommand(command, emulator.environment);
    // An interrupted CLI leaves operations behind: they end before the report is made.
    await emulator.idle();
    const report = emulator.report();
    if (values.report) writeFileSync(values.report, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stderr.write(exitCode === 0 ? `${summary(report, (Date.now() - startedAt) / 1000)}\n` : failureScreen(emulator));
    return exitCode;
  } finally {
    await emulator.stop();
  }
}

/** An interrupt from the terminal reaches the command by itself; other signals are passed on. Ours is to outlive it. */
function runCommand([program, ...args]: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    const outlive = () => undefined;
    const passOn = () => child.kill('SIGTERM');
    process.on('SIGINT', outlive);
    process.on('SIGTERM', passOn);
    const ended = (end: () => void) => {
      process.off('SIGINT', outlive);
      process.off('SIGTERM', passOn);
      end();
    };
    child.on('error', (error) => ended(() => reject(error)));
    child.on('exit', (code, signal) => ended(() => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))));
  });
}
