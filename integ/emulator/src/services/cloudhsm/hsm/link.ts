import type { Context } from '../../../wire/operation';
import { writeAudit } from '../audit';
import type { AuditEvent } from '../audit';
import { hsmName, update } from '../state';
import type { HsmRecord } from '../state';
import { takesNoWrites } from '../type-change';
import { NO_MUTUAL } from './mutual';
import type { Mutual } from './mutual';
import { partitions, passwordHash } from './partition';
import type { HsmKey, HsmUser, Partition, Role } from './partition';

/** What an HSM answers to a command. */
export type Answer =
  | 'ok' | 'no-user' | 'wrong-password' | 'locked' | 'user-exists' | 'user-limit' | 'owns-keys' | 'already-activated'
  | 'key-limit' | 'no-key' | 'limited-write' | 'failed';

const ASYMMETRIC = ['rsa', 'ec'];

/** A connection to one HSM. Commands change this HSM and no other. */
export class HsmLink {
  private readonly audit: AuditEvent[] = [];

  public constructor(private readonly context: Context, public readonly hsm: HsmRecord) {}

  public get partition(): Partition {
    return partitions(this.context).get(this.hsm.hsmId)!;
  }

  public user(username: string): HsmUser | undefined {
    return this.partition.users.find((user) => user.username === username);
  }

  public login({ username, role, password }: { username: string; role: Role; password: string }): Answer {
    const user = this.user(username);
    if (!user || user.role !== role) {
      this.log('CN_LOGIN', { user: { username, role }, response: 'no-user' });
      return 'no-user';
    }
    const limit = this.context.row<number>('cloudhsm-hsm/lockout-after');
    const good = !user.locked && user.hash === passwordHash(user.salt, password);
    const failures = good ? 0 : user.failures + 1;
    this.putUser({ ...user, failures, locked: user.locked || failures >= limit });
    this.log('CN_LOGIN', { user, response: good ? 'ok' : 'wrong-password' });
    if (good) return 'ok';
    return user.locked ? 'locked' : 'wrong-password';
  }

  public logout(user: { username: string; role: Role }): void {
    this.log('CN_LOGOUT', { user });
  }

  /** The first password makes an administrator of the user that every HSM comes with. */
  public activate(password: string, salt: string): Answer {
    const admin = this.user('admin');
    if (admin?.role !== 'unactivated-admin') return 'already-activated';
    const refusal = this.refusal('activate');
    if (refusal) return refusal;
    this.log('CN_CHANGE_PSWD', { user: admin });
    this.putUser({ ...admin, role: 'admin', salt, hash: passwordHash(salt, password), failures: 0, locked: false });
    return 'ok';
  }

  public createUser(username: string, role: Role, password: string, salt: string): Answer {
    if (this.user(username)) return 'user-exists';
    if (this.partition.users.length >= this.limit('users-per-cluster')) return 'user-limit';
    const refusal = this.refusal('user-create');
    if (refusal) return refusal;
    this.putUser({ username, role, salt, hash: passwordHash(salt, password), failures: 0, locked: false });
    this.log(role === 'admin' ? 'CN_CREATE_CO' : 'CN_CREATE_USER', { user: { username, role } });
    return 'ok';
  }

  /** A user of a cluster from the same backup, password and all; one who is there already is taken for the same only if he is. */
  public replicateUser(user: HsmUser): Answer {
    const there = this.user(user.username);
    if (there) return there.role === user.role && there.hash === user.hash ? 'ok' : 'failed';
    if (this.partition.users.length >= this.limit('users-per-cluster')) return 'user-limit';
    const refusal = this.refusal('user-replicate');
    if (refusal) return refusal;
    this.putUser(user);
    this.log(user.role === 'admin' ? 'CN_CREATE_CO' : 'CN_CREATE_USER', { user });
    return 'ok';
  }

  public deleteUser(username: string, role: Role): Answer {
    const user = this.user(username);
    if (!user || user.role !== role) return 'no-user';
    if (this.partition.keys.some(({ owner }) => owner === username)) return 'owns-keys';
    const refusal = this.refusal('user-delete');
    if (refusal) return refusal;
    this.put({ users: this.partition.users.filter((other) => other !== user) });
    this.log('CN_DELETE_USER', { user });
    return 'ok';
  }

  /** Unlocks as well. */
  public changePassword(username: string, role: Role, password: string, salt: string): Answer {
    const user = this.user(username);
    if (!user || user.role !== role) return 'no-user';
    const refusal = this.refusal('user-change-password');
    if (refusal) return refusal;
    this.putUser({ ...user, salt, hash: passwordHash(salt, password), failures: 0, locked: false });
    this.log('CN_CHANGE_PSWD', { user });
    return 'ok';
  }

  public setQuorumValue(service: keyof Partition['quorum'], value: number): Answer {
    const refusal = this.refusal('quorum-set-value');
    if (refusal) return refusal;
    this.put({ quorum: { ...this.partition.quorum, [service]: value } });
    this.log('CN_SET_M_VALUE', {});
    return 'ok';
  }

  /** The key by which a user's approvals are known from now on; none takes it away. */
  public setQuorumKey(username: string, quorumKey: string | undefined): Answer {
    const user = this.user(username);
    if (!user) return 'no-user';
    const refusal = this.refusal('user-change-quorum');
    if (refusal) return refusal;
    const { quorumKey: _, ...rest } = user;
    this.putUser(quorumKey === undefined ? rest : { ...rest, quorumKey });
    return 'ok';
  }

  /** Whose certificates clients may present, and whether they must. */
  public changeMutual(change: (mtls: Mutual) => Mutual): Answer {
    const refusal = this.refusal('cluster-mtls');
    if (refusal) return refusal;
    this.put({ mtls: change(this.partition.mtls ?? NO_MUTUAL) });
    this.log('CN_CERT_AUTH_STORE_CERT', {});
    return 'ok';
  }

  public addKeys(keys: readonly HsmKey[]): Answer {
    const all = [...this.partition.keys, ...keys];
    const asymmetric = all.filter(({ attributes }) => ASYMMETRIC.includes(String(attributes['key-type']))).length;
    if (all.length > this.limit('keys-per-cluster')) return 'key-limit';
    if (asymmetric > this.limit('asymmetric-keys-per-cluster')) return 'key-limit';
    const refusal = this.refusal('key-generate');
    if (refusal) return refusal;
    this.put({ keys: all });
    this.log(keys.length > 1 ? 'CN_GENERATE_KEY_PAIR' : 'CN_GENERATE_KEY', { key: keys[0] });
    return 'ok';
  }

  /** Changes what is kept with a key. */
  public changeKey(reference: string, command: string, opcode: string, change: (key: HsmKey) => HsmKey): Answer {
    const key = this.partition.keys.find((other) => other.reference === reference);
    if (!key) return 'no-key';
    const refusal = this.refusal(command);
    if (refusal) return refusal;
    this.put({ keys: this.partition.keys.map((other) => (other === key ? change(key) : other)) });
    this.log(opcode, { key });
    return 'ok';
  }

  public deleteKey(reference: string): Answer {
    const key = this.partition.keys.find((other) => other.reference === reference);
    if (!key) return 'no-key';
    const refusal = this.refusal('key-delete');
    if (refusal) return refusal;
    this.put({ keys: this.partition.keys.filter((other) => other !== key) });
    this.log('CN_DESTROY_OBJECT', { key });
    return 'ok';
  }

  /** Hands what happened on this connection to the HSM's log. */
  public close(): void {
    if (this.audit.length > 0) writeAudit(this.context, this.hsm, this.audit.splice(0));
  }

  private putUser(user: HsmUser): void {
    const { users } = this.partition;
    const known = users.some(({ username }) => username === user.username);
    this.put({ users: known ? users.map((other) => (other.username === user.username ? user : other)) : [...users, user] });
  }

  private put(changes: Partial<Partition>): void {
    update(partitions(this.context), this.hsm.hsmId, changes);
  }

  /** While the cluster's type changes nothing is written; and a test may have asked that this HSM misses a change. */
  private refusal(command: string): 'limited-write' | 'failed' | undefined {
    if (takesNoWrites(this.context, this.hsm)) return 'limited-write';
    return this.context.kernel.faults.pass('cloudhsm-hsm', `hsm-${command}`, hsmName(this.hsm)) ? 'failed' : undefined;
  }

  private limit(row: string): number {
    return this.context.row<Record<string, number>>(`cloudhsm-hsm/${row}`)[this.hsm.hsmType] ?? Infinity;
  }

  private log(opcode: string, { user, key, response }: Omit<AuditEvent, 'opcode'>): void {
    this.audit.push({
      opcode,
      ...(response ? { response } : {}),
      ...(user ? { user: { username: user.username, role: user.role } } : {}),
      ...(key ? { key: { reference: key.reference } } : {}),
    });
  }
}
