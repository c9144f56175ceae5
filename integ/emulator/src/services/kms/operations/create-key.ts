import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
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
  readonly BypassPolicyLockoutSafetyCheck?: boolean;
  readonly Tags?: readonly Tag[];
  readonly MultiRegion?: boolean;
}

export function createKey(context: Context, input: Input): Output {
  if (input.CustomKeyStoreId !== undefined) throw refusal(context, 'CustomKeyStoreNotFoundException', 'text-no-key-store', { id: input.CustomKeyStoreId });
  if (input.KeySpec && input.CustomerMasterKeySpec) throw refusal(context, 'ValidationException', 'text-two-specs');
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL') throw refusal(context, 'ValidationException', 'text-origin-needs-key-store', { origin });
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const usage = usageFor(context, spec, input.KeyUsage);
  const policy = input.Policy ?? defaultPolicy(context);
  checkPolicy(context, policy, input.BypassPolicyLockoutSafetyCheck);
  const key = makeKey(context, {
    manager: 'CUSTOMER', policy, description: input.Description, spec, usage, origin, multiRegion: input.MultiRegion, tags: input.Tags,
  });
  return { KeyMetadata: describeKeyRecord(context, key) };
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
