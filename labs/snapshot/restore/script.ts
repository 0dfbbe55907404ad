/** Makes one script for bash of steps: every step is tried, whatever became of the others. Empty without steps. */
export function scriptOf(steps: readonly string[]): string {
  const real = steps.filter((step) => step !== '');
  if (real.length === 0) return '';
  return ['failed=0', ...real.map((step) => `${step} || failed=1`), 'exit "$failed"', ''].join('\n');
}

/** A command with its input; the input is encoded, so that nothing in it can end it early. Empty for an empty input. */
export function fed(command: string, input: string | Uint8Array): string {
  if (input.length === 0) return '';
  return `echo ${Buffer.from(input).toString('base64')} | base64 -d | ${command}`;
}
