import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { fits } from '../pattern';
import { putOnBus } from '../put-on-bus';
import type { Entry } from '../put-on-bus';
import { refusal } from '../text';
import { checkPattern } from './rules';

/** Each entry is accepted or refused by itself; a bus that is not there swallows what is put on it. */
export function putEvents(context: Context, { Entries }: { readonly Entries: readonly Entry[] }): Output {
  const results = Entries.map((entry) => {
    const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => !entry[name]);
    if (missing) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.` };
    const detail = detailOf(entry.Detail!);
    if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const id = idFormat.uuid(context.id('event'));
    putOnBus(context, entry, detail, id);
    return { EventId: id };
  });
  return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
}

export function testEventPattern(context: Context, input: { readonly EventPattern: string; readonly Event: string }): Output {
  const pattern = checkPattern(context, input.EventPattern);
  try {
    return { Result: fits(pattern, JSON.parse(input.Event)) };
  } catch {
    // The event is no JSON.
    throw refusal(context, 'ValidationException', 'text-bad-event');
  }
}

function detailOf(text: string): object | undefined {
  try {
    const detail = JSON.parse(text) as unknown;
    return detail !== null && typeof detail === 'object' && !Array.isArray(detail) ? detail : undefined;
  } catch {
    // Not JSON at all.
    return undefined;
  }
}
