import type { KeyStore } from './key-stores';

/**
 * A store that a rollback could not delete, because a key that was made in it can be deleted only after seven days. It is DISCONNECTED and renamed: the
 * name is free for a retry, and says when and how the store goes.
 */
const LEFT_BEHIND = /^(.*) \(rolled back: run aws kms delete-custom-key-store --custom-key-store-id \S+ after \d{4}-\d\d-\d\d\)$/s;

const MAX_NAME_LENGTH = 256;

export function leftBehindName({ name, storeId }: Pick<KeyStore, 'name' | 'storeId'>, deletionAt: number): string {
  const note = ` (rolled back: ${deleteCommand(storeId, deletionAt)})`;
  const original = LEFT_BEHIND.exec(name)?.[1] ?? name;
  return original.slice(0, MAX_NAME_LENGTH - note.length) + note;
}

/** Nobody can use its keys, so it stops no removal of HSMs; one that was connected again does. */
export function isLeftBehind({ name, state }: Pick<KeyStore, 'name' | 'state'>): boolean {
  return state === 'DISCONNECTED' && LEFT_BEHIND.test(name);
}

/** What deletes a store, and from when on. */
export function deleteCommand(storeId: string, deletionAt: number): string {
  return `run aws kms delete-custom-key-store --custom-key-store-id ${storeId} after ${dayOf(deletionAt)}`;
}

/** The day, in UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
