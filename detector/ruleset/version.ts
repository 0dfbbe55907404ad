/** A semantic version; what stands behind the three numbers does not count. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The version of the rules language that is spoken here: that of Falco 0.44. */
export const ENGINE_VERSION = '0.62.0';

/** Reads `1.2.3`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** True when what exists serves those who ask for the other: same major version, and not older. */
export function satisfies(existing: Version, wanted: Version): boolean {
  if (existing.major !== wanted.major) return false;
  if (existing.minor !== wanted.minor) return existing.minor > wanted.minor;
  return existing.patch >= wanted.patch;
}
