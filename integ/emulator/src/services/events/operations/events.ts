import { idFormat } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { deliver } from '../deliver';
import { fits } from '../pattern';
import { buses, DEFAULT_BUS, rules } from '../state';
import { refusal } from '../text';
import { checkPattern } from './rules';

interface Entry {
  readonly Time?: Date;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/** Each entry is accepted or refused by itself; a bus that is not there swallows what is put on it. */
export function putEvents(context: Context, { Entries }: { readonly Entries: readonly Entry[] }): Output {
  const results = Entries.map((entry) => {
    const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => !entry[name]);
    if (missing) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.` };
    const detail = detailOf(entry.Detail!);
    if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const id = idFormat.uuid(context.id('event'));
    put(context, entry, detail, id);
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

function put(context: Context, entry: Entry, detail: object, id: string): void {
  const bus = entry.EventBusName?.replace(/^arn:.*:event-bus\//, '') ?? DEFAULT_BUS;
  if (bus !== DEFAULT_BUS && !buses(context).has(bus)) return;
  const event = {
    'version': '0',
    id,
    'detail-type': entry.DetailType,
    'source': entry.Source,
    'account': context.account,
    'time': (entry.Time ?? new Date(context.kernel.hostTime(context.now))).toISOString().replace(/\.\d+Z$/, 'Z'),
    'region': context.region,
    'resources': entry.Resources ?? [],
    detail,
  };
  for (const rule of rules(context).values()) {
    if (rule.bus !== bus || rule.pattern === undefined || !rule.state.startsWith('ENABLED')) continue;
    if (fits(JSON.parse(rule.pattern) as Record<string, unknown>, event)) deliver(context, rule, event);
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
