import { hostsLines } from '../../../labs/node-names.ts';

describe("the lines for the nodes' hosts files", () => {
  test('name every machine in both families, each line marked', () => {
    const lines = hostsLines([
      { name: 'lab-control-plane', addresses: { ipv4: '172.18.0.2', ipv6: 'fd00::2' } },
      { name: 'lab-worker', addresses: { ipv4: '172.18.0.3' } },
    ]);
    expect(lines).toBe(
      '172.18.0.2 lab-control-plane # kubedrill\nfd00::2 lab-control-plane # kubedrill\n172.18.0.3 lab-worker # kubedrill\n',
    );
  });

  test('leave away a machine that has no address yet', () => {
    expect(hostsLines([{ name: 'lab-worker', addresses: { ipv4: '' } }])).toBe('');
  });
});
