import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

interface Text {
  readonly code: string;
  readonly status: number;
  readonly text: string;
}

/** The refusal of row `error-<key>`, its `{0}`, `{1}`, … filled in. */
export function refuse(context: Context, key: string, ...values: ReadonlyArray<string | number>): ServiceError {
  const { code, status, text } = context.row<Text>(`iam/error-${key}`);
  return new ServiceError(code, text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? '')), { status });
}
