import { partitions } from '../../../src/services/cloudhsm/hsm/partition';
import { loadModel } from '../../../src/wire/model';
import { ServiceError } from '../../../src/wire/operation';
import { outside } from '../../_helpers/world';
import { PASSWORD } from '../lab';
import type { Lab } from '../lab';

/** The only states of a cluster in which these calls may be taken; that a call fits the state is not enough to be taken. */
const TAKEN_IN: Readonly<Record<string, readonly string[]>> = {
  CreateHsm: ['UNINITIALIZED', 'ACTIVE', 'DEGRADED'],
  DeleteHsm: ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE', 'DEGRADED'],
  DeleteCluster: ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE', 'DEGRADED'],
  InitializeCluster: ['UNINITIALIZED'],
};

interface ListedKeys {
  readonly matched_keys: ReadonlyArray<{
    readonly 'key-info'?: { readonly 'key-owners': ReadonlyArray<{ readonly username: string }> };
    readonly 'attributes': { readonly label: string };
  }>;
}

/** A lab in which a sequence is played, and what has to be known of the way to judge it. */
export class Stage {
  /** Backups that somebody deleted, and did not take back. */
  public readonly givenUp = new Set<string>();

  public constructor(public readonly lab: Lab) {}

  /** Calls the control plane. A refusal must be one that the model has. Says whether the call was taken. */
  public call(operation: string, input: object): boolean {
    const { ClusterId } = input as { ClusterId?: string };
    const before = ClusterId === undefined ? undefined : this.lab.cluster(ClusterId)?.State;
    const allowed: readonly string[] | undefined = TAKEN_IN[operation];
    try {
      this.lab.hsm2(operation, input);
      if (before !== undefined && allowed && !allowed.includes(before)) throw new Error(`${operation} was taken by a cluster that was ${before}`);
      return true;
    } catch (error) {
      const known = loadModel('cloudhsmv2').operations.get(operation)!.errors.map(({ name }) => name);
      if (error instanceof ServiceError && known.includes(error.code)) return false;
      throw error;
    }
  }

  /** Runs the command line tool, which may refuse, but not break. */
  public client(clusterId: string, argv: string[], as?: readonly [string, string], then?: (data: ListedKeys) => void): void {
    if (!this.lab.cluster(clusterId)) return;
    const { exitCode, stdout, stderr } = this.lab.run(clusterId, argv, { ...(as ? { as } : {}) });
    if (![0, 1].includes(exitCode) || stdout === '') throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr}`);
    const { error_code: code, data } = JSON.parse(stdout) as { error_code: number; data: ListedKeys };
    if (code === 0) then?.(data);
  }

  /** Logs in as one user and tries the key of another, whose reference is no secret. */
  public noForeignUse(clusterId: string, name: string): void {
    const { account, authority } = this.lab;
    const foreign = partitions(this.lab.context('cloudhsm-hsm')).values().filter((partition) => partition.clusterId === clusterId)
      .flatMap(({ keys }) => keys).filter(({ owner, sharedWith }) => owner !== name && !sharedWith.includes(name));
    const kms = { ...outside(account), position: { kind: 'service', service: 'kms' } } as const;
    const login = this.lab.call<{ ok: boolean; sessionId?: string }>('cloudhsm-hsm', 'Login', {
      clusterId, trustAnchor: authority.anchor, username: name, role: 'crypto-user', password: PASSWORD,
    }, kms);
    if (!login.ok) return;
    for (const { reference } of foreign) {
      const used = this.lab.call<{ ok: boolean }>('cloudhsm-hsm', 'Encrypt', { sessionId: login.sessionId, keyReference: reference, data: 'AAAA' }, kms);
      if (used.ok) throw new Error(`${name} uses the key ${reference} of another`);
    }
    this.lab.call('cloudhsm-hsm', 'Logout', { sessionId: login.sessionId }, kms);
  }

  public noForeignKeys(name: string, { matched_keys: keys }: ListedKeys): void {
    const foreign = keys.filter(({ 'key-info': info, attributes }) => (
      attributes.label !== `of-${name}` || info?.['key-owners'].some(({ username }) => username !== name)));
    if (foreign.length > 0) throw new Error(`${name} sees keys of others: ${JSON.stringify(foreign)}`);
  }
}
