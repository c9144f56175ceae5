import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The variable that `start` prints and the other commands read. */
export const TOKEN_VARIABLE = 'CLOUDHSM_EMULATOR_TOKEN';

/** Carries the token in a command. A page of another origin cannot set it without a preflight, which is refused. */
export const TOKEN_HEADER = 'x-emulator-token';

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

export function isToken(token: string, given: string | undefined): boolean {
  const [wanted, said] = [Buffer.from(token), Buffer.from(given ?? '')];
  return wanted.length === said.length && timingSafeEqual(wanted, said);
}

export function tokenOfHeader(headers: IncomingHttpHeaders): string | undefined {
  const value = headers[TOKEN_HEADER];
  return typeof value === 'string' ? value : undefined;
}
