import { execaRunner, messageOf } from '../../core/index.ts';

/** Why real containers cannot be used here, as the end of a test's title; undefined when they can. */
export async function engineGap(): Promise<string | undefined> {
  if (process.env['KUBEDRILL_E2E'] === 'off') return ' [skipped: KUBEDRILL_E2E=off]';
  try {
    await execaRunner().run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 20_000 });
    return undefined;
  } catch (error) {
    return ` [skipped: no container engine answers: ${messageOf(error).split('\n')[0] ?? ''}]`;
  }
}
