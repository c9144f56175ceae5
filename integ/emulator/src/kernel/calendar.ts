/** Where emulated time 0 is in the calendar: schedules come at the same times in every run, whatever the host's clock says. */
const CALENDAR_BEGINS = Date.UTC(2026, 0, 1);

/** The date of an instant of emulated time, in epoch milliseconds. */
export function dateOf(e: number): number {
  return CALENDAR_BEGINS + e;
}

/** The instant of emulated time of a date. */
export function instantOf(date: number): number {
  return date - CALENDAR_BEGINS;
}
