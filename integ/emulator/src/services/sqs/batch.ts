import { refusal } from './text';
import { ServiceError } from '../../wire/operation';
import type { Context, Output } from '../../wire/operation';

/** Carries out each entry by itself; those that are refused are listed beside the others. */
export function eachOf<E extends { readonly Id: string }>(context: Context, entries: readonly E[], work: (entry: E) => Output | void): Output {
  if (entries.length === 0) throw refusal(context, 'EmptyBatchRequest', 'text-empty-batch');
  if (entries.length > 10) throw refusal(context, 'TooManyEntriesInBatchRequest', 'text-big-batch', { count: entries.length });
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw refusal(context, 'BatchEntryIdsNotDistinct', 'text-same-ids');
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
