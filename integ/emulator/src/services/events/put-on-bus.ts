import { deliver } from './deliver';
import { fits } from './pattern';
import { buses, DEFAULT_BUS, rules } from './state';
import type { Context } from '../../wire/operation';

/** What is put on a bus. */
export interface Entry {
  readonly Time?: Date;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/** Hands an event to the rules of its bus that it fits. A bus that is not there swallows it. */
export function putOnBus(context: Context, entry: Entry, detail: object, id: string): void {
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
