import type { RotationRules } from './state';
import { refusal } from './text';
import { dateOf, instantOf } from '../../kernel/calendar';
import { nextTime, parseCron } from '../../kernel/cron';
import type { Context } from '../../wire/operation';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** @throws ServiceError when Secrets Manager would not follow the rules */
export function demandRules(context: Context, rules: RotationRules): void {
  const { ScheduleExpression: expression, Duration: duration } = rules;
  if (expression !== undefined && !isSchedule(context, expression)) throw refusal(context, 'InvalidParameterException', 'text-bad-schedule', { expression });
  const hours = windowHours(rules);
  const most = rateHours(rules) ?? DAY_HOURS;
  if (duration !== undefined && !(hours >= 1 && hours <= Math.min(most, DAY_HOURS) && startHour(rules) + hours <= DAY_HOURS)) {
    throw refusal(context, 'InvalidParameterException', 'text-bad-window', { duration });
  }
}

/** When the next rotation begins, in emulated milliseconds: in its window. */
export function nextRotation(context: Context, rules: RotationRules): number {
  const opens = nextWindow(context, rules);
  return opens + context.row<number>('rotation-in-window') * windowHours(rules) * HOUR_MS;
}

/** When a window that is open now, or opens with a rotation asked for now, closes: in emulated milliseconds. */
export function windowEnd(context: Context, rules: RotationRules, begun: number): number {
  return begun + (1 - context.row<number>('rotation-in-window')) * windowHours(rules) * HOUR_MS;
}

/** In the emulator's calendar. Windows of rates in days begin at midnight, others at a full hour. */
function nextWindow(context: Context, rules: RotationRules): number {
  const now = dateOf(context.now);
  const cron = parseCron(rules.ScheduleExpression ?? '');
  if (cron) return instantOf(nextTime(cron, now) ?? Infinity);
  const unit = rateHours(rules)! % DAY_HOURS === 0 ? DAY_HOURS : 1;
  return instantOf(Math.floor((now + rateHours(rules)! * HOUR_MS) / (unit * HOUR_MS)) * unit * HOUR_MS);
}

function isSchedule(context: Context, expression: string): boolean {
  const hours = rateHours({ ScheduleExpression: expression });
  if (hours !== undefined) return hours >= context.row<number>('shortest-interval-hours') && hours <= 999 * DAY_HOURS;
  const [, minute, year] = /^cron\((\S+) .* (\S+)\)$/.exec(expression) ?? [];
  return minute === '0' && year === '*' && parseCron(expression) !== undefined;
}

function rateHours({ AutomaticallyAfterDays, ScheduleExpression }: RotationRules): number | undefined {
  if (AutomaticallyAfterDays !== undefined) return AutomaticallyAfterDays * DAY_HOURS;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(ScheduleExpression ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'day' ? DAY_HOURS : 1);
}

/** By default an hour for a schedule in hours, else the rest of the day. */
function windowHours(rules: RotationRules): number {
  const [, given] = /^(\d+)h$/.exec(rules.Duration ?? '') ?? [];
  if (given !== undefined) return Number(given);
  const rate = rateHours(rules);
  return rate !== undefined && rate % DAY_HOURS !== 0 ? 1 : DAY_HOURS - startHour(rules);
}

function startHour({ ScheduleExpression }: RotationRules): number {
  return Number(/^cron\(\S+ (\d+) /.exec(ScheduleExpression ?? '')?.[1] ?? 0);
}
