/** A day, as calendars have it. */
export interface CivilDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** A time of day. */
export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_S = 86_400;

/** The day, in UTC, of seconds since 1970. The pure part of the detector has no Date, which could read a clock. */
export function civilDate(seconds: number): CivilDate {
  return dateOf(Math.floor(seconds / DAY_S));
}

/** The time of day, in UTC, of seconds since 1970. */
export function clockTime(seconds: number): ClockTime {
  const rest = seconds - Math.floor(seconds / DAY_S) * DAY_S;
  return { hour: Math.floor(rest / 3600), minute: Math.floor((rest % 3600) / 60), second: rest % 60 };
}

/** Seconds since 1970 of a point of time in UTC. */
export function secondsOf({ year, month, day, hour, minute, second }: CivilDate & ClockTime): number {
  return daysOf(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second;
}

/** Days from 1970 of March 1 of year 0, and in the 400 years after which the calendar repeats itself. */
const MARCH_0 = -719_468;
const ERA = 146_097;

/** Years are counted from March, so that the leap day is their last. */
function daysOf(year: number, month: number, day: number): number {
  const fromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * ERA + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear + MARCH_0;
}

function dateOf(days: number): CivilDate {
  const shifted = days - MARCH_0;
  const era = Math.floor(shifted / ERA);
  const dayOfEra = shifted - era * ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
