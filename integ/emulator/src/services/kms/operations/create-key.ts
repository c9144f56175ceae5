import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { clusterNamed, requireConfiguration } from '../key-stores/cluster';
import { findKeyStore, requireState } from '../key-stores/state';
import type { KeyStoreRecord } from '../key-stores/state';
import { makeKey } from '../make-key';
import { describeKeyRecord } from '../metadata';
import { checkPolicy, defaultPolicy } from '../policy';
import { KEY_SPECS, usagesOf } from '../specs';
import type { Tag } from '../state';
import { refusal } from '../text';

interface Input {
  readonly Policy?: string;
  readonly Description?: string;
  readonly KeyUsage?: string;
  readonly KeySpec?: string;
  readonly CustomerMasterKeySpec?: string;
  readonly Origin?: string;
  readonly CustomKeyStoreId?: string;
  readonly XksKeyId?: string;
  readonly BypassPolicyLockoutSafetyCheck?: boolean;
  readonly Tags?: readonly Tag[];
  readonly MultiRegion?: boolean;
}

export function createKey(context: Context, input: Input): Output {
  if (input.KeySpec && input.CustomerMasterKeySpec) throw refusal(context, 'ValidationException', 'text-two-specs');
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const { origin, keyStore } = originOf(context, input, spec);
  const usage = usageFor(context, spec, input.KeyUsage);
  const policy = input.Policy ?? defaultPolicy(context);
  checkPolicy(context, policy, input.BypassPolicyLockoutSafetyCheck);
  const key = makeKey(context, {
    manager: 'CUSTOMER', policy, description: input.Description, spec, usage, origin, multiRegion: input.MultiRegion, tags: input.Tags, keyStore,
  });
  return { KeyMetadata: describeKeyRecord(context, key) };
}

/** Where the material is to come from; the HSMs of a custom key store hold symmetric keys of one Region only. */
function originOf(context: Context, input: Input, spec: string): { origin: string; keyStore?: KeyStoreRecord } {
  const { Origin: origin = 'AWS_KMS', CustomKeyStoreId: id } = input;
  if (input.XksKeyId !== undefined || origin === 'EXTERNAL_KEY_STORE') {
    throw new ServiceError('UnsupportedOperationException', '[emulator] keys of external key stores are not built');
  }
  if (id === undefined) {
    if (origin === 'AWS_CLOUDHSM') throw refusal(context, 'ValidationException', 'text-origin-needs-key-store', { origin });
    return { origin };
  }
  const keyStore = findKeyStore(context, id);
  if (origin !== 'AWS_CLOUDHSM') throw refusal(context, 'ValidationException', 'text-key-store-needs-origin', { origin });
  const symmetric = spec === 'SYMMETRIC_DEFAULT' && (input.KeyUsage ?? 'ENCRYPT_DECRYPT') === 'ENCRYPT_DECRYPT';
  if (!symmetric || input.MultiRegion) throw refusal(context, context.row('kms/unsupported-in-key-store'), 'text-unsupported-in-key-store');
  requireState(context, keyStore, 'CreateKey', ['CONNECTED']);
  const cluster = clusterNamed(context, keyStore.clusterId);
  if (!cluster) throw refusal(context, 'CloudHsmClusterInvalidConfigurationException', 'text-cluster-not-found', { cluster: keyStore.clusterId });
  requireConfiguration(context, cluster, context.row('kms/hsms-for-keys'));
  return { origin, keyStore };
}

/** The usage has no default but for symmetric keys. */
function usageFor(context: Context, specName: string, wished: string | undefined): string {
  const spec = KEY_SPECS[specName];
  if (!spec) throw new ServiceError('UnsupportedOperationException', `[emulator] keys of spec ${specName} are not built`);
  if (wished === undefined && specName !== 'SYMMETRIC_DEFAULT') throw refusal(context, 'ValidationException', 'text-usage-missing', { spec: specName });
  const usage = wished ?? 'ENCRYPT_DECRYPT';
  if (!usagesOf(spec).includes(usage)) throw refusal(context, 'ValidationException', 'text-usage-for-spec', { usage, spec: specName });
  return usage;
}
