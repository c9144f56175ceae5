import { putOnBus } from './put-on-bus';
import { DEFAULT_BUS, rules } from './state';
import { idFormat } from '../../kernel';
import type { Json } from '../../kernel';
import type { Context, MadeCall } from '../../wire/operation';

const DETAIL_TYPE = 'AWS API Call via CloudTrail';

/**
 * Asks CloudTrail for its record of a call, if a rule of the default bus could be waiting for it: most calls interest nobody, and a record is dear.
 */
export function watch(context: Context, { told, ...call }: MadeCall): void {
  if (!rules(context).values().some(({ bus, state, pattern }) => bus === DEFAULT_BUS && state.startsWith('ENABLED') && mayWant(pattern, call.operation))) return;
  const { service: called, caller: { principal }, operation, requestId, error } = call;
  const args = JSON.parse(JSON.stringify({ called, operation, requestId, principal, error, ...told() })) as Record<string, Json>;
  context.after(0, { kind: 'cloudtrail.call-made', args, daemon: true });
}

/** Event: CloudTrail hands on the record of a call. */
export function fromTrail(context: Context, { source, detail }: { source: string; detail: object }): void {
  putOnBus(context, { Source: source, DetailType: DETAIL_TYPE }, detail, idFormat.uuid(context.id('event')));
}

/** By its text alone, which may say yes too often: the pattern itself decides. */
function mayWant(pattern: string | undefined, operation: string): boolean {
  return pattern !== undefined && (!pattern.includes('"eventName"') || pattern.includes(`"${operation}"`));
}
