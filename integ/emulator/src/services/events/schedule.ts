import { deliver } from './deliver';
import { rules } from './state';
import type { RuleRecord } from './state';
import { idFormat } from '../../kernel';
import { dateOf } from '../../kernel/calendar';
import { nextTime, parseCron } from '../../kernel/cron';
import type { Context } from '../../wire/operation';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Plans the next firing of a rule with a schedule, or takes it back. */
export function plan(context: Context, rule: RuleRecord): void {
  const wait = rule.state.startsWith('ENABLED') ? waitOf(rule.schedule ?? '', dateOf(context.now)) : undefined;
  if (wait === undefined) context.cancel(firing(rule));
  else context.after(wait, { kind: 'fire', args: { bus: rule.bus, name: rule.name }, daemon: true, id: firing(rule) });
}

export function unplan(context: Context, rule: RuleRecord): void {
  context.cancel(firing(rule));
}

/** Event: the interval of a rule is over. */
export function fire(context: Context, args: { bus: string; name: string }): void {
  const rule = rules(context).get(`${args.bus}/${args.name}`);
  if (!rule) return;
  deliver(context, rule, {
    'version': '0',
    'id': idFormat.uuid(context.id('event')),
    'detail-type': 'Scheduled Event',
    'source': 'aws.events',
    'account': context.account,
    'time': new Date(context.kernel.hostTime(context.now)).toISOString().replace(/\.\d+Z$/, 'Z'),
    'region': context.region,
    'resources': [rule.arn],
    'detail': {},
  });
  plan(context, rule);
}

/** Milliseconds until the next firing, of a rate or by the calendar in UTC; undefined when there is none. */
function waitOf(schedule: string, now: number): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (count !== undefined) return Number(count) * UNIT_MS[unit];
  const cron = parseCron(schedule);
  const next = cron && nextTime(cron, now);
  return next === undefined ? undefined : next - now;
}

function firing({ arn }: RuleRecord): string {
  return `events-fire/${arn}`;
}
