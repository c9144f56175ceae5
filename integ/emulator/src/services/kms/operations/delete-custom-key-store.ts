import type { Context, Output } from '../../../wire/operation';
import { findKeyStore, keyStores, requireState } from '../key-stores/state';
import type { KeyStoreRecord } from '../key-stores/state';
import { keys } from '../state';
import { refusal } from '../text';

/** Cluster, users and keys in the HSMs stay as they are. */
export function deleteCustomKeyStore(context: Context, { CustomKeyStoreId }: { readonly CustomKeyStoreId: string }): Output {
  const store = findKeyStore(context, CustomKeyStoreId);
  const checks = [() => requireEmpty(context, store), () => requireState(context, store, 'DeleteCustomKeyStore', ['DISCONNECTED'])];
  if (!context.row<boolean>('kms/delete-looks-for-keys-first')) checks.reverse();
  checks.forEach((check) => check());
  keyStores(context).delete(store.id);
  context.emit('DELETED', store.id);
  return {};
}

/** Keys that wait for their deletion count. */
function requireEmpty(context: Context, { id }: KeyStoreRecord): void {
  const count = keys(context).values().filter(({ backing }) => backing?.keyStoreId === id).length;
  if (count > 0) throw refusal(context, 'CustomKeyStoreHasCMKsException', 'text-key-store-has-keys', { id, count });
}
