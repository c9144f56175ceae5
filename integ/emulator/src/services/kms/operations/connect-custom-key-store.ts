import type { Context, Output } from '../../../wire/operation';
import { clusterNamed, requireActive, requireConfiguration } from '../key-stores/cluster';
import { startConnecting, startDisconnecting } from '../key-stores/connection';
import { findKeyStore, requireState } from '../key-stores/state';

interface Input {
  readonly CustomKeyStoreId: string;
}

/** The answer says that it has begun, and nothing about how it will end. */
export function connectCustomKeyStore(context: Context, { CustomKeyStoreId }: Input): Output {
  const store = findKeyStore(context, CustomKeyStoreId);
  const again = context.row('kms/connect-while-connected') === 'nothing' && ['CONNECTING', 'CONNECTED'].includes(store.state);
  if (again) return {};
  requireState(context, store, 'ConnectCustomKeyStore', ['DISCONNECTED']);
  // A cluster that is gone is no fault of this call: no error of it says so.
  const cluster = clusterNamed(context, store.clusterId);
  if (cluster) {
    requireActive(context, cluster);
    requireConfiguration(context, cluster, context.row('kms/hsms-for-connect-call'));
  }
  startConnecting(context, store);
  return {};
}

export function disconnectCustomKeyStore(context: Context, { CustomKeyStoreId }: Input): Output {
  const store = findKeyStore(context, CustomKeyStoreId);
  requireState(context, store, 'DisconnectCustomKeyStore', ['CONNECTED', 'CONNECTING', 'FAILED']);
  startDisconnecting(context, store);
  return {};
}
