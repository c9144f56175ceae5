import { fakeAws, FakeParameters, lostAnswer, serviceError } from './aws';
import type { FakeAws } from './aws';
import { NOW, SECOND } from './request';
import type { StoreKey, Tags } from '../../../src/handlers/aws/store-keys';

export type KeyCallFate = 'done' | 'done, answer lost' | 'not done, answer lost' | 'throttled' | 'denied' | 'refused';

export interface WorldKey extends StoreKey {
  readonly at: number;
  readonly storeId: string;
  readonly policy: string;
  readonly description: string;
  readonly tags: Tags;
}

export interface KeyWorldOptions {
  readonly stackStatus?: string;
  /** What becomes of calls that change something, in their order; then everything goes well. */
  readonly calls?: readonly KeyCallFate[];
  /** How long a new key takes to show. */
  readonly lag?: number;
}

const DAY = 24 * 60 * 60 * SECOND;

/** A small model of KMS keys in a store: no idempotency token, lists that lag, answers that are lost, permissions by tag that come late. */
export class KeyWorld {
  public now = NOW;
  public readonly parameters = new FakeParameters();
  public readonly aws: FakeAws;
  public readonly keys = new Map<string, WorldKey>();
  private readonly calls: KeyCallFate[];

  public constructor(options: KeyWorldOptions = {}) {
    this.calls = [...options.calls ?? []];
    const shown = (keyId: string) => {
      const key = this.keys.get(keyId);
      return key && key.at + (options.lag ?? 0) <= this.now ? key : undefined;
    };
    const change = (keyId: string, to: (key: WorldKey) => Partial<WorldKey>, states = ['Enabled', 'Disabled']) => this.call(() => {
      const key = this.keys.get(keyId);
      if (!key) throw serviceError('NotFoundException', keyId);
      if (!states.includes(key.state)) throw serviceError('KMSInvalidStateException', key.state);
      this.keys.set(keyId, { ...key, ...to(key) });
    });
    this.aws = fakeAws({
      stacks: { status: async () => options.stackStatus ?? 'DELETE_IN_PROGRESS' },
      storeKeys: {
        create: async ({ storeId, policy, description, tags }) => this.call(() => {
          const keyId = `key-${this.keys.size + 1}`;
          const key: WorldKey = { keyId, keyArn: `arn:${keyId}`, state: 'Enabled', at: this.now, storeId, policy, description, tags };
          this.keys.set(keyId, key);
          return key;
        }, true),
        describe: async (keyId) => shown(keyId),
        findByTag: async (name, value) => [...this.keys.values()].find(({ keyId, tags }) => tags[name] === value && shown(keyId)),
        putPolicy: (keyId, policy) => change(keyId, () => ({ policy }), ['Enabled', 'Disabled', 'PendingDeletion']),
        describeAs: (keyId, description) => change(keyId, () => ({ description })),
        tag: (keyId, tags) => change(keyId, (key) => ({ tags: { ...key.tags, ...tags } })),
        untag: (keyId, names) => change(keyId, ({ tags }) => ({
          tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !names.includes(name))),
        })),
        enable: (keyId) => change(keyId, () => ({ state: 'Enabled' })),
        disable: (keyId) => change(keyId, () => ({ state: 'Disabled' })),
        scheduleDeletion: (keyId, days) => change(keyId, () => ({ state: 'PendingDeletion', deletionAt: this.now + days * DAY })),
        cancelDeletion: (keyId) => change(keyId, () => ({ state: 'Disabled', deletionAt: undefined }), ['PendingDeletion']),
      },
    }, this.parameters);
  }

  public pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  private async call<T>(carryOut: () => T, isCreate = false): Promise<T> {
    const fate = this.calls.shift() ?? 'done';
    if (fate === 'throttled') throw serviceError('ThrottlingException', 'slow down');
    if (fate === 'denied') throw serviceError('AccessDeniedException', 'not yet');
    if (fate === 'refused' && isCreate) throw serviceError('UnsupportedOperationException', 'no');
    if (fate === 'not done, answer lost') throw lostAnswer();
    const result = carryOut();
    if (fate === 'done, answer lost') throw lostAnswer();
    return result;
  }
}
