import type { RotationRules } from './state';

const UNIT_MS: Readonly<Record<string, number>> = { hour: 3_600_000, day: 86_400_000 };

/** Milliseconds until the next rotation; undefined for a schedule in cron form, which is kept but not followed. */
export function nextRotation(rules: RotationRules | undefined): number | undefined {
  if (rules?.AutomaticallyAfterDays !== undefined) return rules.AutomaticallyAfterDays * UNIT_MS.day;
  const [, count, unit] = /^rate\((\d+) (hour|day)s?\)$/.exec(rules?.ScheduleExpression ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit];
}
