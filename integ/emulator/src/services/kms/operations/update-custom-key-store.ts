import type { Context, Output } from '../../../wire/operation';
import { findCluster, isRelated, requireActive, requireConfiguration } from '../key-stores/cluster';
import { sealPassword } from '../key-stores/password';
import { findKeyStore, keyStores, requireState } from '../key-stores/state';
import type { KeyStoreRecord } from '../key-stores/state';
import { refusal } from '../text';
import { checkPassword, requireFreeName } from './key-store-input';

interface Input {
  readonly CustomKeyStoreId: string;
  readonly NewCustomKeyStoreName?: string;
  readonly KeyStorePassword?: string;
  readonly CloudHsmClusterId?: string;
}

/** A name may change while the store is connected; password and cluster may not. */
export function updateCustomKeyStore(context: Context, input: Input): Output {
  const store = findKeyStore(context, input.CustomKeyStoreId);
  const foreign = Object.keys(input).find((member) => member.startsWith('Xks'));
  if (foreign !== undefined) throw refusal(context, 'ValidationException', 'text-other-store-type', { member: foreign });
  const { NewCustomKeyStoreName: name, KeyStorePassword: password, CloudHsmClusterId: clusterId } = input;
  if (name === undefined && password === undefined && clusterId === undefined) throw refusal(context, 'ValidationException', 'text-nothing-to-update');
  if (password !== undefined) checkPassword(context, password);
  const nameOnly = password === undefined && clusterId === undefined;
  requireState(context, store, 'UpdateCustomKeyStore', nameOnly ? ['DISCONNECTED', 'CONNECTED'] : ['DISCONNECTED']);
  if (name !== undefined) requireFreeName(context, name, store.id);
  if (clusterId !== undefined) checkCluster(context, store, clusterId);
  else if (password !== undefined && context.row<boolean>('kms/update-password-checks-cluster')) checkCluster(context, store, store.clusterId);
  keyStores(context).put(store.id, {
    ...store,
    name: name ?? store.name,
    clusterId: clusterId ?? store.clusterId,
    password: password === undefined ? store.password : sealPassword(context, password),
  });
  return {};
}

/** The original cluster or one of the same backup history, as fit as for a new store. */
function checkCluster(context: Context, store: KeyStoreRecord, clusterId: string): void {
  const cluster = findCluster(context, clusterId);
  if (!isRelated(cluster, store.clusterCertificate)) throw refusal(context, 'CloudHsmClusterNotRelatedException', 'text-cluster-not-related', { cluster: clusterId });
  requireActive(context, cluster);
  requireConfiguration(context, cluster, context.row('kms/hsms-for-keys'));
}
