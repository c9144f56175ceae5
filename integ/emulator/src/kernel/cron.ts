/**
 * Schedules as AWS spells them: `cron(minutes hours day-of-month month day-of-week year)`, in UTC, with names, lists, ranges, steps, `L`, `SUNL` and `SUN#1`.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export interface CronSchedule {
  readonly minutes: Field;
  readonly hours: Field;
  readonly months: Field;
  readonly years: Field;
  readonly isDay: (date: Date) => boolean;
}

type Field = (value: number) => boolean;

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Nothing repeats less often than 29 February on one weekday. */
const LOOK_AHEAD_DAYS = 366 * 30;

/** Undefined when it is none. */
export function parseCron(expression: string): CronSchedule | undefined {
  const [, minutes, hours, dayOfMonth, month, dayOfWeek, year] = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/i.exec(expression) ?? [];
  if (year === undefined || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const fields = [field(minutes, 0, 59), field(hours, 0, 23), field(named(month, MONTHS, 1), 1, 12), field(year, 1970, 2199)];
  const isDay = dayOfWeek === '?' ? dayInMonth(dayOfMonth) : dayInWeek(named(dayOfWeek, DAYS, 1));
  if (fields.includes(undefined) || !isDay) return undefined;
  const [atMinute, atHour, inMonth, inYear] = fields as Field[];
  return { minutes: atMinute, hours: atHour, months: inMonth, years: inYear, isDay };
}

/** The first time after an instant, both in epoch milliseconds; undefined when there is none. */
export function nextTime({ minutes, hours, months, years, isDay }: CronSchedule, after: number): number | undefined {
  const firstDay = Math.floor(after / DAY_MS) * DAY_MS;
  for (let day = 0; day < LOOK_AHEAD_DAYS; day += 1) {
    const start = firstDay + day * DAY_MS;
    const date = new Date(start);
    if (!years(date.getUTCFullYear()) || !months(date.getUTCMonth() + 1) || !isDay(date)) continue;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const at = start + minute * 60_000;
      if (at > after && hours(Math.floor(minute / 60)) && minutes(minute % 60)) return at;
    }
  }
  return undefined;
}

/** Names of days and months by their numbers. */
function named(text: string, names: readonly string[], first: number): string {
  return names.reduce((numbered, name, index) => numbered.replace(new RegExp(name, 'gi'), String(index + first)), text);
}

function field(text: string, least: number, most: number): Field | undefined {
  const parts = text.split(',').map((part) => range(part, least, most));
  return parts.includes(undefined) ? undefined : (value) => (parts as Field[]).some((isIn) => isIn(value));
}

/** `*`, `5`, `1-5`, `2/10`, `*\/15`, `/8`. */
function range(text: string, least: number, most: number): Field | undefined {
  const [, from, to, step] = /^(\*|\d+|)(?:-(\d+))?(?:\/(\d+))?$/.exec(text) ?? [];
  if (from === undefined || (from === '' && step === undefined)) return undefined;
  const start = from === '*' || from === '' ? least : Number(from);
  const end = to !== undefined ? Number(to) : from === '*' || step !== undefined ? most : start;
  if (start < least || end > most || start > end || step === '0') return undefined;
  return (value) => value >= start && value <= end && (value - start) % Number(step ?? 1) === 0;
}

function dayInMonth(text: string): CronSchedule['isDay'] | undefined {
  if (text.toUpperCase() === 'L') return isInLast(1);
  const last = /^([A-Z]{3})L$/i.exec(text)?.[1].toUpperCase();
  if (last !== undefined && DAYS.includes(last)) return (date) => date.getUTCDay() === DAYS.indexOf(last) && isInLast(7)(date);
  const isIn = field(text, 1, 31);
  return isIn && ((date) => isIn(date.getUTCDate()));
}

function dayInWeek(text: string): CronSchedule['isDay'] | undefined {
  if (text.toUpperCase() === 'L') return (date) => date.getUTCDay() === 6;
  const [, last] = /^([1-7])L$/i.exec(text) ?? [];
  if (last !== undefined) return (date) => date.getUTCDay() + 1 === Number(last) && isInLast(7)(date);
  const [, day, nth] = /^([1-7])#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) return (date) => date.getUTCDay() + 1 === Number(day) && Math.ceil(date.getUTCDate() / 7) === Number(nth);
  const isIn = field(text, 1, 7);
  return isIn && ((date) => isIn(date.getUTCDay() + 1));
}

/** Whether a day is among the last so many of its month. */
function isInLast(count: number): CronSchedule['isDay'] {
  return (date) => new Date(date.getTime() + count * DAY_MS).getUTCMonth() !== date.getUTCMonth();
}
