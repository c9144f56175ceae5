import { Emulator } from '../emulator';
import type { EmulatorOptions } from '../emulator';
import { misleading } from '../environment';
import { faultOfText } from './fault-option';
import { emulatorOptions, parseFlags } from './options';
import { checkReportFile, writeReport } from './report-file';
import type { FaultSpec } from '../kernel';
import { TOKEN_VARIABLE } from '../wire/token';

/** `start`: an emulator until it is interrupted; prints the environment to export. */
export async function start(args: readonly string[]): Promise<number> {
  const values = parseFlags(args);
  checkReportFile(values.report);
  // Whoever starts it again and again at one port may say the token beforehand.
  const options = { ...emulatorOptions(values), token: process.env[TOKEN_VARIABLE] };
  const faults = (values.fault ?? []).map(faultOfText);
  let emulator = await begin(options, faults);
  const port = Number(new URL(emulator.endpoint).port);
  for (const name of misleading(process.env, emulator.environment)) process.stdout.write(`unset ${name}\n`);
  for (const [name, value] of Object.entries(emulator.environment)) process.stdout.write(`export ${name}=${value}\n`);
  process.stderr.write(`cloudhsm-emulator listens on ${emulator.endpoint}; end it with Ctrl-C\nwhat there is: ${emulator.page}\n`);
  const interrupted = new Promise<'stopped'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  });
  while (await Promise.race([interrupted, emulator.whenOver()]) === 'reset') emulator = await begin({ ...options, port, token: emulator.token }, faults);
  writeReport(values.report, emulator.report());
  await emulator.stop();
  return 0;
}

async function begin(options: EmulatorOptions, faults: readonly FaultSpec[]): Promise<Emulator> {
  const emulator = await Emulator.start(options);
  faults.forEach((fault) => emulator.addFault(fault));
  return emulator;
}
