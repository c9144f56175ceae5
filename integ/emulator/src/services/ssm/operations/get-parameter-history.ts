import type { Context } from '../../../wire/operation';
import { page } from '../paging';
import { findParameter } from '../parameters/find';
import { describeMetadata } from '../parameters/metadata';
import { decrypt } from '../parameters/secret';
import { historyOf } from '../parameters/state';

interface Input {
  readonly Name: string;
  readonly WithDecryption?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function getParameterHistory(context: Context, input: Input): Record<string, unknown> {
  const { name } = findParameter(context, input.Name).record;
  const { items, next } = page(historyOf(context, name), input.NextToken, input.MaxResults ?? 50);
  return {
    Parameters: items.map((record) => {
      const { ARN, ...metadata } = describeMetadata(context, record);
      void ARN;
      const secret = record.type === 'SecureString';
      return { ...metadata, Value: secret && input.WithDecryption ? decrypt(context, name, record.value) : record.value, Labels: record.labels };
    }),
    NextToken: next,
  };
}
