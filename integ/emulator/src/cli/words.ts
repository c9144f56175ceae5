import { parseArgs } from 'node:util';
import { UsageError, wholeNumber } from './options';

/** What a command was given. */
export interface Words {
  readonly words: readonly string[];
  /** Of the emulator that is asked, when it is not the one of the environment. */
  readonly port?: number;
}

/** Takes apart what stands behind a command: the port, and so many words at most. @throws UsageError that says what the command looks like */
export function wordsOf(args: readonly string[], most: number, usage: string): Words {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: { port: { type: 'string' }, json: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nusage: ${usage}`);
  }
  const { values: { port }, positionals } = parsed;
  if (positionals.length > most) throw new UsageError(`${positionals.slice(most).join(' ')} is too much; usage: ${usage}`);
  return { words: positionals, port: portOf(port) };
}

/** The port, and everything else as it stood. */
export function withoutPort(args: readonly string[]): { readonly rest: string[]; readonly port?: number } {
  const at = args.findIndex((arg) => arg === '--port' || arg.startsWith('--port='));
  if (at < 0) return { rest: [...args] };
  const [, joined] = args[at].split('=');
  return { rest: [...args.slice(0, at), ...args.slice(at + (joined === undefined ? 2 : 1))], port: portOf(joined ?? args[at + 1] ?? '') };
}

/** A port that can be asked: 0 stands for any. */
export function portOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber('port', text, 65_535);
}
