import { execaRunner, pathsFrom, silentReporter, systemClock } from '../../core/index.ts';
import { openSession, type Session } from '../../labs/index.ts';

/** The lab that a bench measures: one that is up, named in its first word. */
export function openLab(name = 'lab'): Promise<Session> {
  const { env } = process;
  return openSession(
    { runner: execaRunner(), paths: pathsFrom(env), clock: systemClock, reporter: silentReporter, env },
    name,
  );
}
