import { nodeHandle } from '../../../labs/node-handle.ts';
import { scriptedRunner } from '../../support/scripted-runner.ts';

describe('a node', () => {
  test.each([
    ['a program', {}, 'docker exec lab-worker ls -l'],
    ['a program that is fed', { input: 'x' }, 'docker exec --interactive lab-worker ls -l'],
    ['a program with a terminal', { stdio: 'inherit' }, 'docker exec --interactive --tty lab-worker ls -l'],
    [
      'a program with variables and a folder of its own, inside',
      { env: { A: '1' }, cwd: '/tmp' },
      'docker exec --env A=1 --workdir /tmp lab-worker ls -l',
    ],
  ] as const)("runs %s by the engine's exec", async (_case, options, command) => {
    const runner = scriptedRunner({ command });
    const node = nodeHandle(runner, { name: 'lab-worker', role: 'worker', addresses: { ipv4: '172.18.0.3' } });
    await node.exec(['ls', '-l'], options);
    runner.verify();
  });
});
