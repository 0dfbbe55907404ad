import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an engine that was started here, and not by systemd, notes its process. */
export function enginePidFile(stateFolder: string): string {
  return join(stateFolder, '.engine', 'dockerd.pid');
}

/** The process of the pid file, if it is still the one that was started with it: numbers are given out again. */
export async function engineProcess(pidFile: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const line = await commandLine(pid);
  return line?.includes(`--pidfile=${pidFile}`) === true ? pid : undefined;
}

/** The arguments of a process, with a NUL after each; undefined when it has ended. */
export async function commandLine(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => undefined);
  return line === '' ? undefined : line;
}
