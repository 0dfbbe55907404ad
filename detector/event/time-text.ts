/** `13:38:34.902914000`, in UTC. */
export function timeOfDay(timeNs: bigint): string {
  return isoTime(timeNs).slice(11, 29);
}

/** `2018-10-26 13:38:34.902914000`, in UTC. */
export function dateAndTime(timeNs: bigint): string {
  return isoTime(timeNs).slice(0, 29).replace('T', ' ');
}

/** `2018-10-26T13:38:34.902914000+0000` */
export function isoTime(timeNs: bigint): string {
  const seconds = timeNs / 1_000_000_000n;
  const nanoseconds = String(timeNs % 1_000_000_000n).padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${nanoseconds}+0000`;
}
