import type { Command } from './command';
import { choice, numberOf } from './key-store';
import { newRegistrationFile, newTokenFile, provesKey, tokens } from '../../hsm/quorum';
import type { QuorumService, QuorumToken } from '../../hsm/quorum';
import { demandApproval } from '../approval';
import type { Options } from '../arguments';
import { optionalFile, readFile, wholePath } from '../files';
import type { RunInput } from '../input';
import type { Session } from '../session';
import { NotBuilt, Refusal, sayIn } from '../stop';

const SERVICES = ['user', 'quorum', 'cluster', 'registration', 'key-management', 'key-usage'];
const WITH_VALUE = ['user', 'quorum', 'cluster'];

/** hsm2m has a value more: changes of the cluster itself. */
function servicesOf({ links: [{ hsm }] }: Session): string[] {
  return hsm.hsmType.startsWith('hsm1') ? ['user', 'quorum'] : WITH_VALUE;
}

function listQuorumValues(session: Session): object {
  const { quorum } = session.links[0].partition;
  return Object.fromEntries(servicesOf(session).map((service) => [service, quorum[service as QuorumService]]));
}

/** One says that nobody else is asked; more can be asked for than there are administrators by nobody. */
function setQuorumValue(session: Session, options: Options, approval: Buffer | undefined): string {
  const service = options.one('service')! as QuorumService;
  const value = Number(options.one('value'));
  if (!servicesOf(session).includes(service)) throw new Refusal('text-quorum-service', { service });
  const admins = session.links[0].partition.users.filter(({ role }) => role === 'admin').length;
  if (value > 1 && value > admins) throw new Refusal('text-quorum-value', { value, count: admins });
  demandApproval(session, 'quorum', approval);
  session.change('Quorum set-quorum-value', {}, (link) => link.setQuorumValue(service, value));
  return sayIn(session.context, 'text-quorum-set');
}

/** The token is in the file; whether the HSM still knows it when the next command comes is another matter. */
function generate(session: Session, options: Options, input: RunInput): object {
  const { context, clusterId, user: { username } } = session;
  const service = options.one('service')!;
  const path = wholePath(input, options.one('token')!);
  const file = service === 'registration' ? newRegistrationFile(session.links.length) : newTokenFile(service);
  session.write(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  if ('token' in file && context.row<boolean>('cloudhsm-client/quorum-token-outlasts-command')) {
    const expiresAt = context.now + context.row<number>('cloudhsm-client/quorum-token-seconds') * 1000;
    // One for each user and service.
    tokens(context).put(`${clusterId}/${username}/${service}`, { clusterId, username, service, token: file.token, expiresAt });
  }
  return { path };
}

function list(session: Session): object {
  const { context, clusterId } = session;
  const waiting = tokens(context).values().filter((token) => token.clusterId === clusterId && token.expiresAt > context.now);
  return { tokens: waiting.map((token) => tokenView(session, token)) };
}

/** Approvals travel in the token's file: the HSM sees them when the token is used, and not before. */
function tokenView({ context, links: [{ partition }] }: Session, { username, service, expiresAt }: QuorumToken): object {
  return {
    username,
    service,
    'approvals-required': { value: partition.quorum[service as QuorumService] },
    'number-of-approvals': { value: 0 },
    'token-timeout-seconds': { value: Math.floor((expiresAt - context.now) / 1000) },
    'cluster-coverage': 'full',
  };
}

function deleteTokens(session: Session, options: Options): string {
  const { context, clusterId, user: { username } } = session;
  for (const [id, token] of tokens(context).entries()) {
    if (token.clusterId === clusterId && (options.one('scope') === 'all' || token.username === username)) tokens(context).delete(id);
  }
  return sayIn(context, 'text-quorum-deleted');
}

function register(session: Session, publicKey: Buffer, signed: Buffer): object {
  const { username, role } = session.user;
  const quorumKey = publicKey.toString('utf8');
  if (!provesKey(quorumKey, signed.toString('utf8'))) throw new Refusal('text-quorum-registration');
  session.change('User change-quorum', { username, role }, (link) => link.setQuorumKey(username, quorumKey));
  return { username, role };
}

export const quorumCommands: readonly Command[] = [
  { path: 'quorum token-sign list-quorum-values', options: {}, roles: [], prepare: () => listQuorumValues },
  {
    path: 'quorum token-sign set-quorum-value',
    options: { service: 'one', value: 'one', approval: 'one' },
    required: ['service', 'value'],
    roles: ['admin'],
    prepare: (_context, options, _answers, input) => {
      choice(options, 'service', WITH_VALUE);
      numberOf(options, 'value', (value) => value >= 1 && value <= 8, '1 to 8');
      const approval = optionalFile(input, options.one('approval'));
      return (session) => setQuorumValue(session, options, approval);
    },
  },
  {
    path: 'quorum token-sign generate',
    options: { service: 'one', token: 'one' },
    required: ['service', 'token'],
    roles: ['admin', 'crypto-user'],
    prepare: (_context, options, _answers, input) => {
      const service = choice(options, 'service', SERVICES);
      if (service.startsWith('key-')) throw new NotBuilt(`quorum token-sign generate --service ${service}`);
      return (session) => generate(session, options, input);
    },
  },
  { path: 'quorum token-sign list', options: {}, roles: ['admin', 'crypto-user'], prepare: () => list },
  {
    path: 'quorum token-sign delete',
    options: { scope: 'one' },
    required: ['scope'],
    roles: ['admin'],
    prepare: (_context, options) => {
      choice(options, 'scope', ['user', 'all']);
      return (session) => deleteTokens(session, options);
    },
  },
  {
    path: 'user change-quorum token-sign register',
    options: { 'public-key': 'one', 'signed-token': 'one' },
    required: ['public-key', 'signed-token'],
    roles: ['admin', 'crypto-user'],
    prepare: (_context, options, _answers, input) => {
      const [key, signed] = ['public-key', 'signed-token'].map((name) => readFile(input, options.one(name)!));
      return (session) => register(session, key, signed);
    },
  },
];
