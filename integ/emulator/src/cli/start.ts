import { Emulator } from '../emulator';
import { faultOfText } from './fault-option';
import { emulatorOptions, parseFlags } from './options';

/** `start`: an emulator until it is interrupted; prints the environment to export. */
export async function start(args: readonly string[]): Promise<number> {
  const values = parseFlags(args);
  const emulator = await Emulator.start(emulatorOptions(values));
  (values.fault ?? []).map(faultOfText).forEach((fault) => emulator.addFault(fault));
  for (const [name, value] of Object.entries(emulator.environment)) process.stdout.write(`export ${name}=${value}\n`);
  process.stderr.write(`cloudhsm-emulator listens on ${emulator.endpoint}; end it with Ctrl-C\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    emulator.onStop(resolve);
  });
  await emulator.stop();
  return 0;
}
