import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Emulator } from '../emulator';
import { faultOfText } from './fault-option';
import { emulatorOptions, parseFlags, splitCommand, UsageError } from './options';
import { failureScreen } from '../report/failure-screen';

/** `run … -- command`: an emulator for one command; exits as the command did. */
export async function run(args: readonly string[]): Promise<number> {
  const { own, command } = splitCommand(args);
  if (command.length === 0) throw new UsageError('run needs a command after --, for instance: run -- npx cdk deploy --all');
  const values = parseFlags(own);
  const emulator = await Emulator.start(emulatorOptions(values));
  try {
    (values.fault ?? []).map(faultOfText).forEach((fault) => emulator.addFault(fault));
    const exitCode = await runCommand(command, emulator.environment);
    // An interrupted CLI leaves operations behind: they end before the report is made.
    await emulator.idle();
    const report = emulator.report();
    if (values.report) writeFileSync(values.report, `${JSON.stringify(report, undefined, 2)}\n`);
    if (exitCode !== 0) process.stderr.write(failureScreen(emulator));
    return exitCode;
  } finally {
    await emulator.stop();
  }
}

function runCommand([program, ...args]: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}
