/** CLOCK_MONOTONIC in milliseconds, which all containers of one machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
