import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { certificateOf, findCluster, isRelated, requireActive, requireConfiguration } from '../key-stores/cluster';
import { openPassword, sealPassword } from '../key-stores/password';
import { ensureKeyStoreRole, keyStoreRole } from '../key-stores/role';
import { keyStores } from '../key-stores/state';
import type { KeyStoreRecord } from '../key-stores/state';
import { refusal } from '../text';
import { checkPassword, requireFreeName } from './key-store-input';

interface Input {
  readonly CustomKeyStoreName: string;
  readonly CustomKeyStoreType?: string;
  readonly CloudHsmClusterId?: string;
  readonly KeyStorePassword?: string;
  readonly TrustAnchorCertificate?: string;
}

type Wish = Required<Omit<Input, 'CustomKeyStoreType'>>;

/** One thing that must be so, in the order of a table: see the row `create-key-store-order`. */
const CHECKS: Readonly<Record<string, (context: Context, wish: Wish) => void>> = {
  'name': (context, { CustomKeyStoreName }) => requireFreeName(context, CustomKeyStoreName),
  'limit': (context) => {
    const limit = context.row<number>('kms/key-stores-per-region');
    if (keyStores(context).size() >= limit) throw refusal(context, 'LimitExceededException', 'text-too-many-key-stores', { limit });
  },
  'cluster': (context, { CloudHsmClusterId }) => void findCluster(context, CloudHsmClusterId),
  'in-use': (context, { CloudHsmClusterId }) => {
    const cluster = findCluster(context, CloudHsmClusterId);
    const used = keyStores(context).values()
      .some(({ clusterId, clusterCertificate }) => clusterId === CloudHsmClusterId || isRelated(cluster, clusterCertificate));
    if (used) throw refusal(context, 'CloudHsmClusterInUseException', 'text-cluster-in-use', { cluster: CloudHsmClusterId });
  },
  'active': (context, { CloudHsmClusterId }) => requireActive(context, findCluster(context, CloudHsmClusterId)),
  'configuration': (context, { CloudHsmClusterId }) => {
    requireConfiguration(context, findCluster(context, CloudHsmClusterId), context.row('kms/hsms-for-keys'));
  },
  'trust-anchor': (context, { CloudHsmClusterId, TrustAnchorCertificate }) => requireTrustAnchor(context, CloudHsmClusterId, TrustAnchorCertificate),
};

/** Repeated with the same values while the store is disconnected, it answers with that store. */
export function createCustomKeyStore(context: Context, input: Input): Output {
  const wish = wishOf(context, input);
  const same = keyStores(context).values().find((store) => isSame(context, store, wish));
  if (same) return { CustomKeyStoreId: same.id };
  for (const check of context.row<readonly string[]>('kms/create-key-store-order')) CHECKS[check](context, wish);
  ensureKeyStoreRole(context);
  const id = `cks-${idFormat.hex(context.id('key-store'), 17)}`;
  keyStores(context).put(id, {
    id,
    name: wish.CustomKeyStoreName,
    clusterId: wish.CloudHsmClusterId,
    clusterCertificate: certificateOf(findCluster(context, wish.CloudHsmClusterId)),
    trustAnchor: wish.TrustAnchorCertificate,
    password: sealPassword(context, wish.KeyStorePassword),
    state: 'DISCONNECTED',
    createdAt: context.now,
  });
  context.emit('DISCONNECTED', id);
  return { CustomKeyStoreId: id };
}

function wishOf(context: Context, input: Input): Wish {
  const { CustomKeyStoreName, CustomKeyStoreType = 'AWS_CLOUDHSM', CloudHsmClusterId, KeyStorePassword, TrustAnchorCertificate } = input;
  if (CustomKeyStoreType !== 'AWS_CLOUDHSM') {
    throw new ServiceError('UnsupportedOperationException', `[emulator] custom key stores of type ${CustomKeyStoreType} are not built`);
  }
  const foreign = Object.keys(input).find((member) => member.startsWith('Xks'));
  if (foreign !== undefined) throw refusal(context, 'ValidationException', 'text-other-store-type', { member: foreign });
  if (CloudHsmClusterId === undefined) throw refusal(context, 'ValidationException', 'text-member-missing', { member: 'CloudHsmClusterId' });
  if (KeyStorePassword === undefined) throw refusal(context, 'ValidationException', 'text-member-missing', { member: 'KeyStorePassword' });
  if (TrustAnchorCertificate === undefined) throw refusal(context, 'ValidationException', 'text-member-missing', { member: 'TrustAnchorCertificate' });
  checkPassword(context, KeyStorePassword);
  return { CustomKeyStoreName, CloudHsmClusterId, KeyStorePassword, TrustAnchorCertificate };
}

function isSame(context: Context, store: KeyStoreRecord, wish: Wish): boolean {
  return store.state === 'DISCONNECTED'
    && store.name === wish.CustomKeyStoreName
    && store.clusterId === wish.CloudHsmClusterId
    && store.trustAnchor === wish.TrustAnchorCertificate
    && (!context.row<boolean>('kms/create-compares-password') || openPassword(context, store.password) === wish.KeyStorePassword);
}

function requireTrustAnchor(context: Context, clusterId: string, trustAnchor: string): void {
  const { trust, identical } = context.call<{ trust: string; identical: boolean }>(
    'cloudhsm-hsm', 'CheckTrustAnchor', { clusterId, trustAnchor }, keyStoreRole(context));
  const fits = context.row('kms/trust-anchor-comparison') === 'bytes' ? identical : trust !== 'untrusted';
  if (!fits) throw refusal(context, 'IncorrectTrustAnchorException', 'text-trust-anchor', { cluster: clusterId });
}
