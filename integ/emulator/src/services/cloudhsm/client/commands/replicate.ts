import type { Command } from './command';
import { own, theOne, visible } from './key-selection';
import { choice } from './key-store';
import { keyView } from './key-view';
import { userView } from './user-view';
import { usersOf } from '../../hsm/coverage';
import { clusters } from '../../state';
import type { Options } from '../arguments';
import type { Session } from '../session';
import { Refusal, sayIn } from '../stop';

/** Clusters are clones when they come from one backup: then they have one certificate. */
function demandClones(source: Session, destination: Session): void {
  const certificate = (session: Session): string | undefined => clusters(session.context).get(session.clusterId)?.clusterCertificate;
  if (source.clusterId === destination.clusterId || certificate(source) !== certificate(destination)) throw new Refusal('text-not-clones');
}

function replicateUser(source: Session, destination: Session, options: Options): object {
  const [username, role] = [options.one('username')!.toLowerCase(), options.one('role')!];
  demandClones(source, destination);
  destination.demandRole('admin');
  const found = usersOf(source.links.map(({ partition }) => partition)).find((user) => user.username === username && user.role === role);
  if (!found) throw new Refusal('text-no-user', { username, role });
  if (found.coverage !== 'full' || found.locked === 'inconsistent') throw new Refusal('text-user-inconsistent');
  const user = source.links[0].user(username)!;
  destination.change('User replicate', {}, (link) => link.replicateUser(user));
  return { user: userView(found), message: sayIn(source.context, 'text-user-replicated') };
}

function replicateKey(source: Session, destination: Session, options: Options): object {
  demandClones(source, destination);
  const found = theOne(source.user.role === 'admin' ? visible(source) : own(source), options.many('filter'));
  const { key } = found;
  const missing = [key.owner, ...key.sharedWith].find((username) => destination.links.some((link) => !link.user(username)));
  if (missing !== undefined) throw new Refusal('text-no-user', { username: missing, role: 'crypto-user' });
  destination.change('Key replicate', {}, (link) => (
    link.partition.keys.some(({ reference }) => reference === key.reference) ? 'ok' : link.addKeys([key])));
  return { key: keyView(found), message: sayIn(source.context, 'text-key-replicated') };
}

const BETWEEN = { 'source-cluster-id': 'one', 'destination-cluster-id': 'one' } as const;

export const replicateCommands: readonly Command[] = [
  {
    path: 'user replicate',
    options: { username: 'one', role: 'one', ...BETWEEN },
    required: ['username', 'role', ...Object.keys(BETWEEN)],
    roles: ['admin'],
    betweenClusters: true,
    prepare: (_context, options) => {
      choice(options, 'role', ['admin', 'crypto-user']);
      return (source, destination) => replicateUser(source, destination!, options);
    },
  },
  {
    path: 'key replicate',
    options: { filter: 'many', ...BETWEEN },
    required: ['filter', ...Object.keys(BETWEEN)],
    roles: ['admin', 'crypto-user'],
    betweenClusters: true,
    prepare: (_context, options) => (source, destination) => replicateKey(source, destination!, options),
  },
];
