import { civilDate, clockTime, secondsOf } from './calendar.ts';

const SECOND_NS = 1_000_000_000n;

/** `13:38:34.902914000`, in UTC. */
export function timeOfDay(timeNs: bigint): string {
  const { hour, minute, second } = clockTime(Number(timeNs / SECOND_NS));
  return `${digits(hour)}:${digits(minute)}:${digits(second)}.${digits(Number(timeNs % SECOND_NS), 9)}`;
}

/** `2018-10-26 13:38:34.902914000`, in UTC. */
export function dateAndTime(timeNs: bigint): string {
  const { year, month, day } = civilDate(Number(timeNs / SECOND_NS));
  return `${digits(year, 4)}-${digits(month)}-${digits(day)} ${timeOfDay(timeNs)}`;
}

/** `2018-10-26T13:38:34.902914000+0000` */
export function isoTime(timeNs: bigint): string {
  return `${dateAndTime(timeNs).replace(' ', 'T')}+0000`;
}

/** `2018-10-26T13:38:34.902914000Z` (RFC 3339), as documents carry it. */
export function rfc3339Time(timeNs: bigint): string {
  return `${dateAndTime(timeNs).replace(' ', 'T')}Z`;
}

/** Nanoseconds since 1970 of `2018-10-26T13:38:34.902914Z` (RFC 3339); undefined for anything else. */
export function parseTime(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign = '+', zoneHours = '0', zoneMinutes = '0'] = match;
  const zone = (Number(zoneHours) * 3600 + Number(zoneMinutes) * 60) * (sign === '-' ? -1 : 1);
  const seconds = secondsOf({ year, month, day, hour, minute, second }) - zone;
  return BigInt(seconds) * SECOND_NS + BigInt(fraction.padEnd(9, '0'));
}

function digits(value: number, count = 2): string {
  return String(value).padStart(count, '0');
}
