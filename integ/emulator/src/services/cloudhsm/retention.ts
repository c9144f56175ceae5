import { invalid } from './refusals';
import type { Context } from '../../wire/operation';

export interface RetentionPolicy {
  readonly Type?: string;
  readonly Value?: string;
}

/** Days of a retention policy as it comes in a request; the default when there is none. */
export function retentionDays(context: Context, policy: RetentionPolicy | undefined): number {
  if (!policy) return context.row('backup-retention-default-days');
  const [min, max] = context.row<[number, number]>('backup-retention-days');
  const days = Number(policy.Value);
  if (policy.Type !== 'DAYS' || !Number.isInteger(days) || days < min || days > max) {
    throw invalid(context, 'text-retention', { min, max });
  }
  return days;
}
