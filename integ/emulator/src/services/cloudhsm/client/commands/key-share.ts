import type { Command } from './command';
import { own, theOne } from './key-selection';
import { choice, demandNoApproval } from './key-store';
import type { HsmKey } from '../../hsm/partition';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { Refusal, sayIn } from '../stop';

interface Way {
  readonly path: 'key share' | 'key unshare';
  readonly done: string;
  readonly change: (key: HsmKey, username: string) => readonly string[];
}

/** Ownership never moves; a share lets another user use a key, and no more. */
const WAYS: readonly Way[] = [
  { path: 'key share', done: 'text-key-shared', change: ({ sharedWith }, username) => [...new Set([...sharedWith, username])] },
  { path: 'key unshare', done: 'text-key-unshared', change: ({ sharedWith }, username) => sharedWith.filter((other) => other !== username) },
];

function share(session: Session, options: Options, way: Way): object {
  const username = options.one('username')!.toLowerCase();
  const role = options.one('role')!;
  const { key } = theOne(own(session), options.many('filter'));
  const known = session.links.every((link) => link.user(username)?.role === role);
  if (!known || role !== 'crypto-user' || username === key.owner) throw new Refusal('text-no-user', { username, role });
  session.change(`Key ${way.path.slice('key '.length)}`, {}, (link) => link.changeKey(
    key.reference, way.path.replace(' ', '-'), 'CN_SHARE_OBJECT', (copy) => ({ ...copy, sharedWith: way.change(copy, username) })));
  return { message: sayIn(session.context, way.done) };
}

export const shareCommands: readonly Command[] = WAYS.map((way) => ({
  path: way.path,
  options: { filter: 'many', username: 'one', role: 'one', approval: 'one' },
  required: ['filter', 'username', 'role'],
  roles: ['crypto-user'],
  prepare: (_context, options) => {
    demandNoApproval(options);
    choice(options, 'role', ['crypto-user', 'admin']);
    return (session) => share(session, options, way);
  },
}));
