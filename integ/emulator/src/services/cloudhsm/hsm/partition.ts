import { createHash } from 'node:crypto';
import type { Mutual } from './mutual';
import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';

export type Role = 'unactivated-admin' | 'admin' | 'crypto-user' | 'internal(APPLIANCE_USER)';

export interface HsmUser {
  readonly username: string;
  readonly role: Role;
  readonly salt: string;
  readonly hash: string;
  /** Bad logins since the last good one. */
  readonly failures: number;
  readonly locked: boolean;
  /** PEM of the public key by which approvals of this user are known. */
  readonly quorumKey?: string;
}

export type AttributeValue = string | number | boolean;

export interface HsmKey {
  /** `0x` and 16 hexadecimal digits. */
  readonly reference: string;
  readonly owner: string;
  readonly sharedWith: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Base64 of a secret key, PEM of a private or public one. */
  readonly material: string;
}

/** What one HSM holds. */
export interface Partition {
  readonly hsmId: string;
  readonly clusterId: string;
  readonly serial: string;
  readonly users: readonly HsmUser[];
  readonly keys: readonly HsmKey[];
  readonly quorum: { readonly user: number; readonly quorum: number; readonly cluster: number };
  readonly mtls?: Mutual;
  /** Events in this HSM's audit log so far. */
  readonly auditSequence: number;
}

/** What is the same after a restore. */
type Content = Pick<Partition, 'users' | 'keys' | 'quorum' | 'mtls'>;

export const partitions = (context: Context): Table<Partition> => context.table('cloudhsm-hsm/partitions');

interface Owner {
  readonly hsmId: string;
  readonly clusterId: string;
}

/** An HSM as it comes: an administrator without a password of his own, and the user by whom HSMs talk to each other. */
export function blankPartition(context: Context, owner: Owner): void {
  const user = (username: string, role: Role): HsmUser => ({ username, role, salt: '', hash: '', failures: 0, locked: false });
  make(context, owner, {
    users: [user('admin', 'unactivated-admin'), user('app_user', 'internal(APPLIANCE_USER)')],
    keys: [],
    quorum: { user: 1, quorum: 1, cluster: 1 },
  });
}

export function restorePartition(context: Context, owner: Owner, snapshot: string): void {
  make(context, owner, JSON.parse(context.kernel.blobs.get(snapshot).toString('utf8')) as Content);
}

/** Blob with the present content of an HSM. */
export function snapshotOf(context: Context, hsmId: string): string {
  const { users, keys, quorum, mtls } = partitions(context).get(hsmId)!;
  return context.kernel.blobs.put(Buffer.from(JSON.stringify({ users, keys, quorum, ...(mtls ? { mtls } : {}) } satisfies Content)));
}

function make(context: Context, { hsmId, clusterId }: Owner, content: Content): void {
  const serial = context.kernel.ids.named('hsm-serial-number', hsmId).readUIntBE(0, 5) % 10_000_000_000;
  partitions(context).put(hsmId, { hsmId, clusterId, serial: String(serial).padStart(10, '0'), ...content, auditSequence: 0 });
}

export function passwordHash(salt: string, password: string): string {
  return createHash('sha256').update(`${salt}:${password}`).digest('hex');
}
