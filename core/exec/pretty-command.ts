/** The command as it can be pasted into a POSIX shell. */
export function prettyCommand(command: readonly string[]): string {
  return command.map(quote).join(' ');
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
