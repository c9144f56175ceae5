import { cli } from './cli';
import { configure, isConfigureTool } from './configure';
import type { RunInput, RunOutput } from './input';
import { NotBuilt } from './stop';
import type { Context, Host, Output, Service } from '../../../wire/operation';

/** The client tools' logic, for the door that an instance's scripts knock at. Not an AWS interface. */
export function cloudhsmClient(): Service {
  let host: Host | undefined;

  function run(context: Context, input: RunInput): RunOutput {
    try {
      if (input.tool === 'cloudhsm-cli') return cli(context, input);
      if (isConfigureTool(input.tool)) return configure(context, input);
      throw new NotBuilt(input.tool);
    } catch (error) {
      if (!(error instanceof NotBuilt)) throw error;
      host?.notBuilt(error.message);
      const stderr = `[emulator] ${error.message} is not built yet\n`;
      return { exitCode: context.row('cloudhsm-client/exit-not-built'), stdout: '', stderr, chargeMs: 1 };
    }
  }

  return {
    name: 'cloudhsm-client',
    runsWithCaller: true,
    operations: { Run: (context: Context, input: RunInput): Output => ({ ...run(context, input) }) },
    start: (_kernel, ours) => {
      host = ours;
    },
  };
}
