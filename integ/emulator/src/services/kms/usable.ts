import { shownState } from './key-stores/key-state';
import type { KeyRecord } from './state';
import { refusal } from './text';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** @throws ServiceError unless the key can be used in cryptographic operations now */
export function requireUsable(context: Context, key: KeyRecord): void {
  switch (shownState(context, key)) {
    case 'Enabled': return;
    case 'Disabled': throw refusal(context, 'DisabledException', 'text-disabled', { arn: key.arn });
    case 'PendingDeletion': throw refusal(context, 'KMSInvalidStateException', 'text-pending-deletion', { arn: key.arn });
    case 'Unavailable': throw refusal(context, 'KMSInvalidStateException', 'text-unavailable', { arn: key.arn });
    case 'PendingImport': throw refusal(context, 'KMSInvalidStateException', 'text-pending-import', { arn: key.arn });
  }
}

/** Most changes are refused once a key waits for its deletion. */
export function requireNotPendingDeletion(context: Context, key: KeyRecord): void {
  if (key.state === 'PendingDeletion') throw refusal(context, 'KMSInvalidStateException', 'text-pending-deletion', { arn: key.arn });
}

/** @param operation the operation's name, for the sentence */
export function requireUsage(context: Context, key: KeyRecord, usage: string, operation: string): void {
  if (key.usage !== usage) throw refusal(context, 'InvalidKeyUsageException', 'text-usage', { arn: key.arn, usage: key.usage, operation });
}

export function requireAlgorithm(context: Context, key: KeyRecord, allowed: readonly string[] | undefined, algorithm: string): void {
  if (!allowed?.includes(algorithm)) throw refusal(context, 'InvalidKeyUsageException', 'text-algorithm', { algorithm, spec: key.spec });
}

/** The key policy that AWS gives its own keys lets nobody change them. */
export function requireCustomerManaged(context: Context, key: KeyRecord, operation: string): void {
  if (key.manager === 'AWS') {
    throw refusal(context, 'AccessDeniedException', 'text-aws-managed', { principal: context.caller.principal.arn, operation, arn: key.arn });
  }
}

/** A dry run ends where the operation would begin. */
export function endDryRun(context: Context, dryRun: boolean | undefined): void {
  if (dryRun) throw new ServiceError('DryRunOperationException', context.row<string>('kms/text-dry-run'));
}
