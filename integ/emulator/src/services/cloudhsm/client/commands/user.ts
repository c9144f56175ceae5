import { usersOf } from '../../hsm/coverage';
import { demandApproval } from '../approval';
import type { Options } from '../arguments';
import { optionalFile } from '../files';
import { newPassword, newUserName } from '../session';
import type { LoggedIn, Session } from '../session';
import { NotBuilt, Refusal, UsageError } from '../stop';
import type { Command } from './command';
import { userView } from './user-view';

interface Named {
  readonly username: string;
  readonly role: LoggedIn['role'];
}

function named(options: Options, username: string): Named {
  const role = options.one('role');
  if (role !== 'admin' && role !== 'crypto-user') {
    throw new UsageError(`invalid value '${role}' for '--role' [possible values: admin, crypto-user]`);
  }
  return { username, role };
}

function listUsers(session: Session): object {
  return {
    users: usersOf(session.links.map(({ partition }) => partition)).map(userView),
  };
}

function createUser(session: Session, { username, role }: Named, password: string, approval: Buffer | undefined): Named {
  const salt = session.newSalt();
  const completes = session.context.row<boolean>('cloudhsm-client/create-completes-partial');
  const having = session.links.filter((link) => link.user(username)).length;
  if (having === session.links.length || (having > 0 && !completes)) throw new Refusal('text-user-exists', { username });
  demandApproval(session, 'user', approval);
  session.change('User create', { username, role }, (link) => (
    link.user(username)?.role === role ? 'ok' : link.createUser(username, role, password, salt)));
  return { username, role };
}

/** Also where only some HSMs have the user: that is how one that differs is repaired. */
function deleteUser(session: Session, { username, role }: Named, approval: Buffer | undefined): Named {
  if (session.user.username === username) throw new Refusal('text-logged-in', { username });
  session.demandNotLoggedIn(username);
  demandApproval(session, 'user', approval);
  const known = session.links.some((link) => link.user(username)?.role === role);
  session.change('User delete', { username, role }, (link) => (known && !link.user(username) ? 'ok' : link.deleteUser(username, role)));
  return { username, role };
}

function changePassword(session: Session, { username, role }: Named, password: string, options: Options, approval: Buffer | undefined): Named {
  const self = session.user.username === username && session.user.role === role;
  if (!self) session.demandRole('admin');
  session.demandNotLoggedIn(username);
  // One's own password is one's own affair.
  if (!self) demandApproval(session, 'user', approval);
  const salt = session.newSalt();
  session.change('User change-password', { username, role }, (link) => link.changePassword(username, role, password, salt));
  if (options.has('deregister-quorum')) session.change('User change-quorum', { username, role }, (link) => link.setQuorumKey(username, undefined));
  return { username, role };
}

const APPROVAL = 'approval';

/** Second factors are not emulated; silence would be taken for success. */
function demandBuilt(options: Options, ...names: readonly string[]): void {
  const asked = names.find((name) => options.has(name));
  if (asked) throw new NotBuilt(`--${asked}`);
}

export const userCommands: readonly Command[] = [
  { path: 'user list', options: {}, roles: [], prepare: () => listUsers },
  {
    path: 'user create',
    options: { username: 'one', role: 'one', password: 'one', [APPROVAL]: 'one' },
    required: ['username', 'role'],
    roles: ['admin'],
    prepare: (context, options, answers, input) => {
      const approval = optionalFile(input, options.one(APPROVAL));
      const user = named(options, newUserName(context, options.one('username')!));
      const password = newPassword(context, options.one('password'), answers);
      return (session) => createUser(session, user, password, approval);
    },
  },
  {
    path: 'user delete',
    options: { username: 'one', role: 'one', [APPROVAL]: 'one' },
    required: ['username', 'role'],
    roles: ['admin'],
    prepare: (_context, options, _answers, input) => {
      const approval = optionalFile(input, options.one(APPROVAL));
      const user = named(options, options.one('username')!.toLowerCase());
      return (session) => deleteUser(session, user, approval);
    },
  },
  {
    path: 'user change-password',
    options: { 'username': 'one', 'role': 'one', 'password': 'one', [APPROVAL]: 'one', 'deregister-mfa': 'flag', 'deregister-quorum': 'flag' },
    required: ['username', 'role'],
    roles: ['admin', 'crypto-user'],
    prepare: (context, options, answers, input) => {
      demandBuilt(options, 'deregister-mfa');
      const approval = optionalFile(input, options.one(APPROVAL));
      const user = named(options, options.one('username')!.toLowerCase());
      const password = newPassword(context, options.one('password'), answers);
      return (session) => changePassword(session, user, password, options, approval);
    },
  },
];
