import type { HsmKey, HsmUser, Partition } from './partition';

export type Coverage = 'full' | 'inconsistent';

export interface UserSummary {
  readonly username: string;
  readonly role: string;
  /** `true`, `false` or `inconsistent`. */
  readonly locked: string;
  readonly coverage: Coverage;
  /** On all of them it has a key with which it approves what needs a quorum. */
  readonly quorum: boolean;
}

/** Users as several HSMs together show them. */
export function usersOf(partitions: readonly Partition[]): UserSummary[] {
  const names = [...new Set(partitions.flatMap(({ users }) => users.map(({ username }) => username)))];
  return names.map((username) => {
    const found = partitions.flatMap(({ users }) => users.filter((user) => user.username === username));
    return {
      username,
      role: common(found, ({ role }) => role),
      locked: common(found, ({ locked }) => String(locked)),
      coverage: coverage(found.length, partitions.length),
      quorum: found.every(({ quorumKey }) => quorumKey !== undefined),
    };
  });
}

export interface KeySummary {
  readonly key: HsmKey;
  readonly coverage: Coverage;
}

export function keysOf(partitions: readonly Partition[]): KeySummary[] {
  const byReference = new Map<string, HsmKey[]>();
  for (const key of partitions.flatMap(({ keys }) => keys)) byReference.set(key.reference, [...byReference.get(key.reference) ?? [], key]);
  return [...byReference.values()].map((copies) => ({ key: copies[0], coverage: coverage(copies.length, partitions.length) }));
}

function common(users: readonly HsmUser[], valueOf: (user: HsmUser) => string): string {
  const values = new Set(users.map(valueOf));
  return values.size === 1 ? [...values][0] : 'inconsistent';
}

function coverage(on: number, of: number): Coverage {
  return on === of ? 'full' : 'inconsistent';
}
