import type { Role } from './partition';
import type { Origins } from './port';
import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';

/** A login that outlasts one call. */
export interface HsmSession {
  readonly sessionId: string;
  readonly clusterId: string;
  readonly username: string;
  readonly role: Role;
  readonly from: Origins;
  readonly trusted: string;
}

export const sessions = (context: Context): Table<HsmSession> => context.table('cloudhsm-hsm/sessions');

/** Whether somebody is logged in as this user, other than by this session. */
export function isLoggedIn(context: Context, clusterId: string, username: string, butNotBy?: string): boolean {
  return sessions(context).values()
    .some((session) => session.clusterId === clusterId && session.username === username && session.sessionId !== butNotBy);
}
