import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

interface Text {
  readonly code: string;
  readonly status: number;
  readonly text: string;
}

/** The refusal of row `error-<key>`, its `{0}`, `{1}`, … filled in. */
export function refuse(context: Context, key: string, ...values: readonly string[]): ServiceError {
  const { code, status, text } = context.row<Text>(`sts/error-${key}`);
  return new ServiceError(code, text.replace(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? ''), { status });
}
