import type { Tool, ToolCall } from './tool';

/** The longest sleep; what is stopped earlier never sees its end. */
const FOREVER_MS = 365 * 86_400_000;

const UNITS: Readonly<Record<string, number>> = { '': 1, 's': 1, 'm': 60, 'h': 3_600, 'd': 86_400 };

/** `1`, `0.5s`, `2m`, `infinity`; undefined for what is no interval. */
export function parseInterval(text: string): number | undefined {
  if (/^inf(inity)?$/i.test(text)) return FOREVER_MS;
  const found = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  return found ? Math.min(FOREVER_MS, Number(found[1]) * UNITS[found[2]] * 1000) : undefined;
}

function slept({ argv }: ToolCall): number {
  return argv.reduce((sum, argument) => sum + (parseInterval(argument) ?? 0), 0);
}

/** Time passes in the emulator, not on the host. */
export const sleep: Tool = {
  charge: (context, call) => context.row<number>('charge-tool') + slept(call),
  run: (_, { argv }) => {
    const wrong = argv.find((argument) => parseInterval(argument) === undefined);
    if (argv.length === 0) return { exitCode: 1, stderr: 'sleep: missing operand\nTry \'sleep --help\' for more information.\n' };
    if (wrong !== undefined) return { exitCode: 1, stderr: `sleep: invalid time interval '${wrong}'\nTry 'sleep --help' for more information.\n` };
    return { exitCode: 0 };
  },
};

/** Only says what time it is; the stub has the host's date print it. */
export const date: Tool = {
  run: ({ wallTime }) => {
    const milliseconds = Math.round(wallTime);
    return { exitCode: 0, stdout: `${Math.floor(milliseconds / 1000)}.${String(milliseconds % 1000).padStart(3, '0')}` };
  },
};
