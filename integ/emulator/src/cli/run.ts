import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Emulator } from '../emulator';
import { faultOfText } from './fault-option';
import { emulatorOptions, parseFlags, splitCommand, UsageError } from './options';
import { checkReportFile, writeReport } from './report-file';
import { failureScreen } from '../report/failure-screen';
import { summary } from '../report/summary';

/** `run … -- command`: an emulator for one command; exits as the command did. */
export async function run(args: readonly string[]): Promise<number> {
  const { own, command } = splitCommand(args);
  if (command.length === 0) throw new UsageError('run needs a command after --, for instance: run -- npx cdk deploy --all');
  const values = parseFlags(own);
  checkReportFile(values.report);
  const faults = (values.fault ?? []).map(faultOfText);
  const emulator = await Emulator.start(emulatorOptions(values));
  try {
    faults.forEach((fault) => emulator.addFault(fault));
    const startedAt = Date.now();
    const exitCode = await runCommand(command, emulator.environmentOver());
    // An interrupted CLI leaves operations behind: they end before the report is made.
    await emulator.idle();
    const report = emulator.report();
    writeReport(values.report, report);
    process.stderr.write(exitCode === 0 ? `${summary(report, (Date.now() - startedAt) / 1000)}\n` : failureScreen(emulator));
    return exitCode;
  } finally {
    await emulator.stop();
  }
}

/** An interrupt from the terminal reaches the command by itself; other signals are passed on. Ours is to outlive it. */
function runCommand([program, ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    const outlive = () => undefined;
    const passOn = () => child.kill('SIGTERM');
    process.on('SIGINT', outlive);
    process.on('SIGTERM', passOn);
    const ended = (end: () => void) => {
      process.off('SIGINT', outlive);
      process.off('SIGTERM', passOn);
      end();
    };
    child.on('error', (error: NodeJS.ErrnoException) => ended(() => resolve(notStarted(program, error))));
    child.on('exit', (code, signal) => ended(() => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))));
  });
}

/** As shells say it: 127 for a command that is not there, 126 for one that cannot be run. */
function notStarted(program: string, { code, message }: NodeJS.ErrnoException): number {
  process.stderr.write(code === 'ENOENT' ? `${program}: command not found\n` : `${program} cannot be run: ${message}\n`);
  return code === 'ENOENT' ? 127 : 126;
}
