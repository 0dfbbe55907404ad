/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws an error that names every variable of these that is not set. */
export function requireSet(env: Environment, names: readonly string[]): void {
  const missing = names.filter((name) => (env[name] ?? '') === '');
  if (missing.length > 0) throw new Error(`not set: ${missing.join(', ')}`);
}

/** The port that a variable names; throws an error with the variable's name when it is none. */
export function portIn(env: Environment, name: string): number {
  const text = env[name] ?? '';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${name} is no port: ${text}`);
  return port;
}
