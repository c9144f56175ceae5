import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Calls } from './call';
import type { Sessions } from './sessions';
import type { Kernel } from '../kernel';

/** `POST /_emulator/dial/<host>`, with the caller's session in `x-emulator-session`. */
export const DIAL = '/_emulator/dial/';

export interface DialParts {
  readonly kernel: Kernel;
  readonly calls: Calls;
  readonly sessions: Sessions;
}

/** What a process learns before it connects. */
export interface Dialled {
  readonly allowed: boolean;
  readonly address?: string;
  readonly unresolved?: boolean;
  /** How long its system tries, in emulated milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Makes the handler at which foreign code inside a VPC asks whether a connection would come about, before it connects: a host that cannot be
 * reached is one that does not answer, and not one that answers with an error.
 */
export function dialDoor({ kernel, calls, sessions }: DialParts): (request: IncomingMessage, response: ServerResponse) => void {
  const dial = (token: string, host: string): Dialled => {
    const timeoutMs = kernel.tables.value<number>('ec2', 'tcp-connect-timeout') * 1000;
    const caller = sessions.resolve(undefined, token);
    const way = caller && calls.reach.toHost(caller, host);
    const { allowed = true, address, unresolved } = way ?? {};
    return { allowed, address, unresolved, timeoutMs };
  };
  return (request, response) => {
    request.resume();
    const answer = JSON.stringify(dial(String(request.headers['x-emulator-session'] ?? ''), decodeURIComponent((request.url ?? '').slice(DIAL.length))));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer), 'connection': 'close' }).end(answer);
  };
}
