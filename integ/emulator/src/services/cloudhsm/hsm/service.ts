import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output, Service } from '../../../wire/operation';
import { roots } from '../pki/identity';
import { activeHsms, clusters, hsms } from '../state';
import { keysOf, usersOf } from './coverage';
import { newSecretKey, open, seal } from './keys';
import { HsmLink } from './link';
import type { Answer } from './link';
import { toAll } from './links';
import { partitions } from './partition';
import type { HsmKey, Role } from './partition';
import { dial } from './port';
import type { Origins } from './port';
import { isLoggedIn, sessions } from './sessions';
import type { HsmSession } from './sessions';
import { trustOf } from './trust';

/**
 * The HSMs as another service (KMS) uses them: not an AWS interface.
 *
 * Answers are `{ ok: true, … }` or `{ ok: false, code }`, never errors: a refused login must leave its mark on the HSM, and an
 * error would undo it.
 */
type Code = Answer | 'unreachable' | 'connection-limit' | 'untrusted' | 'expired' | 'client-too-old' | 'not-mutual' | 'logged-in' | 'no-session' | 'inconsistent' | 'bad-ciphertext';

function refused(code: Code): Output {
  return { ok: false, code };
}

interface LoginInput {
  readonly clusterId: string;
  readonly trustAnchor: string;
  readonly username: string;
  readonly role: Role;
  readonly password: string;
  /** Defaults to the caller's. */
  readonly from?: Origins;
}

/** Logs in on every active HSM, and stays logged in. */
function login(context: Context, input: LoginInput): Output {
  const from = input.from ?? context.caller.position;
  const addresses = activeHsms(context, input.clusterId).map(({ eniIp }) => eniIp);
  const { links, problems } = dial(context, { from, addresses, trusted: input.trustAnchor, discover: true });
  const own = links.filter(({ hsm }) => hsm.clusterId === input.clusterId);
  if (own.length === 0) return { ...refused(problems[0]?.problem ?? 'unreachable'), missing: problems[0]?.missing };
  const username = input.username.toLowerCase();
  if (isLoggedIn(context, input.clusterId, username)) return refused('logged-in');
  const connected = sessions(context).values().filter(({ clusterId }) => clusterId === input.clusterId).length;
  if (connected >= context.row<number>('cloudhsm-hsm/connections-per-cluster')) return refused('connection-limit');
  const answers = own.map((link) => link.login({ ...input, username }));
  own.forEach((link) => link.close());
  const failure = answers.find((answer) => answer !== 'ok');
  if (failure) return refused(failure);
  const sessionId = context.id('session', input.clusterId).toString('hex');
  sessions(context).put(sessionId, { sessionId, clusterId: input.clusterId, username, role: input.role, from, trusted: input.trustAnchor });
  return { ok: true, sessionId, hsmIds: own.map(({ hsm }) => hsm.hsmId) };
}

interface OfSession {
  readonly sessionId: string;
}

function logout(context: Context, { sessionId }: OfSession): Output {
  return inSession(context, sessionId, (links, session) => {
    links.forEach((link) => link.logout(session));
    sessions(context).delete(sessionId);
    return { ok: true };
  }, 'even-unreachable');
}

/** Sets the session's own user's password, on every HSM. */
function changePassword(context: Context, { sessionId, password }: OfSession & { password: string }): Output {
  return inSession(context, sessionId, (links, { username, role, clusterId }) => {
    const salt = context.id('salt', clusterId).toString('hex');
    return result(toAll(links, (link) => link.changePassword(username, role, password, salt)));
  });
}

/** An AES-256 key that stays in the HSMs. */
function generateKey(context: Context, { sessionId, label }: OfSession & { label: string }): Output {
  return inSession(context, sessionId, (links, { username, clusterId }) => {
    const key = newSecretKey(context, {
      owner: username, clusterId, label, attributes: { encrypt: true, decrypt: true, extractable: false },
    }, 'aes', 32);
    return { ...result(toAll(links, (link) => link.addKeys([key]))), keyReference: key.reference };
  });
}

/** From the HSMs' own generator. */
function generateRandom(context: Context, { sessionId, bytes: count }: OfSession & { bytes: number }): Output {
  return inSession(context, sessionId, () => ({ ok: true, data: randomBytes(count).toString('base64') }));
}

function findKeys(context: Context, { sessionId, label }: OfSession & { label: string }): Output {
  return inSession(context, sessionId, (links, { username }) => ({
    ok: true,
    keys: keysOf(links.map(({ partition }) => partition))
      .filter(({ key }) => key.attributes.label === label && key.owner === username)
      .map(({ key, coverage }) => ({ keyReference: key.reference, coverage })),
  }));
}

interface OfKey extends OfSession {
  readonly keyReference: string;
}

function deleteKey(context: Context, { sessionId, keyReference }: OfKey): Output {
  return inSession(context, sessionId, (links) => result(toAll(links, (link) => link.deleteKey(keyReference))));
}

interface OfData extends OfKey {
  /** Base64. */
  readonly data: string;
  readonly associated?: string;
}

function encrypt(context: Context, input: OfData): Output {
  return withKey(context, input, (key) => ({ ok: true, data: seal(key, bytes(input.data), bytes(input.associated)).toString('base64') }));
}

function decrypt(context: Context, input: OfData): Output {
  return withKey(context, input, (key) => {
    const plain = open(key, bytes(input.data), bytes(input.associated));
    return plain ? { ok: true, data: plain.toString('base64') } : refused('bad-ciphertext');
  });
}

/** One HSM that has the key is enough to use it. */
function withKey(context: Context, { sessionId, keyReference }: OfKey, use: (key: HsmKey) => Output): Output {
  return inSession(context, sessionId, (links, { username }) => {
    const key = links.flatMap(({ partition }) => partition.keys)
      .find(({ reference, owner, sharedWith }) => reference === keyReference && (owner === username || sharedWith.includes(username)));
    return key ? use(key) : refused('no-key');
  });
}

function inSession(
  context: Context, sessionId: string, work: (links: readonly HsmLink[], session: HsmSession) => Output, mode: 'reachable' | 'even-unreachable' = 'reachable',
): Output {
  const session = sessions(context).get(sessionId);
  if (!session) return refused('no-session');
  const addresses = activeHsms(context, session.clusterId).map(({ eniIp }) => eniIp);
  const { links } = dial(context, { from: session.from, addresses, trusted: session.trusted, discover: true });
  const own = links.filter(({ hsm }) => hsm.clusterId === session.clusterId);
  if (own.length === 0 && mode === 'reachable') return refused('unreachable');
  const output = work(own, session);
  own.forEach((link) => link.close());
  return output;
}

function result(outcome: ReturnType<typeof toAll>): Output {
  if (outcome.kind === 'ok') return { ok: true };
  return refused(outcome.kind === 'partial' ? 'inconsistent' : outcome.answer);
}

function bytes(base64: string = ''): Buffer {
  return Buffer.from(base64, 'base64');
}

/** For reports: users as all active HSMs together have them; nobody connects to anything. */
function describeUsers(context: Context, { clusterId }: { clusterId: string }): Output {
  const found = activeHsms(context, clusterId).map(({ hsmId }) => partitions(context).get(hsmId)!);
  return { users: usersOf(found) };
}

/** Whether this is the certificate that a cluster was initialized with. */
function checkTrustAnchor(context: Context, { clusterId, trustAnchor }: { clusterId: string; trustAnchor: string }): Output {
  const own = clusters(context).get(clusterId)?.trustAnchor;
  return { trust: trustOf(trustAnchor, own, new Date(context.kernel.hostTime())), identical: own === trustAnchor };
}

/** The control door: an HSM fails, and after a while the service replaces it. */
function emulatedReplaceHsm(context: Context, { hsmId, replaceSeconds }: { hsmId: string; replaceSeconds?: number }): Output {
  if (hsms(context).get(hsmId)?.state !== 'ACTIVE') {
    throw new ServiceError('InvalidParameterValue', `[emulator] ${hsmId} is not an ACTIVE HSM`);
  }
  context.after(0, { kind: 'cloudhsmv2.hsm-failed', args: { hsmId, replaceSeconds } });
  return {};
}

/** The fake roots, with which an HSM's identity can be verified as with the published ones. */
function emulatedRoots(context: Context): Output {
  const { aws, manufacturer } = roots(context);
  return { awsRoot: aws.pem, manufacturerRoot: manufacturer.pem };
}

export const cloudhsmHsm: Service = {
  name: 'cloudhsm-hsm',
  operations: {
    Login: login,
    Logout: logout,
    ChangePassword: changePassword,
    GenerateKey: generateKey,
    GenerateRandom: generateRandom,
    FindKeys: findKeys,
    DeleteKey: deleteKey,
    Encrypt: encrypt,
    Decrypt: decrypt,
    DescribeUsers: describeUsers,
    CheckTrustAnchor: checkTrustAnchor,
    EmulatedReplaceHsm: emulatedReplaceHsm,
    EmulatedRoots: emulatedRoots,
  },
  reads: ['FindKeys', 'GenerateRandom', 'CheckTrustAnchor', 'EmulatedRoots', 'Encrypt', 'Decrypt'],
};
