import { createContext, Script } from 'node:vm';
import type { Context } from 'node:vm';

/** Host milliseconds that an expression may take. What anybody means is decided in a thousandth of it, on a busy machine too. */
const LIMIT_MS = 2_000;

const match = new Script('new RegExp(source, flags).test(text)');

/** Where all of them run: only there can they be stopped. Made when the first one is there, because it takes a while. */
let room: Context | undefined;

/**
 * A regular expression that somebody else wrote: a template, a document, a filter. Some take for ever on the right text, and while one does nothing
 * else is answered here, so each gets so much time and has then not matched.
 */
export class ForeignPattern {
  /** @throws SyntaxError */
  public constructor(private readonly source: string, private readonly flags: string = '') {
    // Refuses what is no expression.
    new RegExp(source, flags);
  }

  public test(text: string): boolean {
    try {
      room ??= createContext();
      Object.assign(room, { source: this.source, flags: this.flags, text });
      return match.runInContext(room, { timeout: LIMIT_MS }) === true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    }
  }
}
