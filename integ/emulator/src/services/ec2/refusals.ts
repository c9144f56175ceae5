import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

interface Text {
  readonly code: string;
  readonly text: string;
}

/** The refusal of row `error-<key>`, its `{0}`, `{1}`, … filled in. */
export function refuse(context: Context, key: string, ...values: ReadonlyArray<string | number>): ServiceError {
  const { code, text } = context.row<Text>(`ec2/error-${key}`);
  return new ServiceError(code, text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? '')));
}
