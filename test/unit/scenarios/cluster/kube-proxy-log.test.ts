import { settingsOf, tellingLines } from '../../../../scenarios/cluster/kube-proxy-log.ts';

describe('kube-proxy’s log', () => {
  test('is reduced to what tells of its rules, with the time of each line', () => {
    const log = [
      '2026-11-28T02:00:01.250000000Z I1128 02:00:01.250000       1 iptables.go:611] "IPTables canary deleted" table="mangle"',
      '2026-11-28T02:00:01.300000000Z I1128 02:00:01.300000       1 proxier.go:757] "SyncProxyRules complete" elapsed="30ms"',
      '2026-11-28T02:00:02.000000000Z I1128 02:00:02.000000       1 proxier.go:763] "Syncing iptables rules" fullSync=true',
      '2026-11-28T02:00:03.000000000Z I1128 02:00:03.000000       1 proxier.go:763] "Syncing iptables rules" fullSync=false',
      'no time stamp',
      '',
    ].join('\n');
    expect(tellingLines(log)).toEqual([
      { atMs: Date.parse('2026-11-28T02:00:01.25Z'), says: '"IPTables canary deleted" table="mangle"' },
      { atMs: Date.parse('2026-11-28T02:00:02Z'), says: '"Syncing iptables rules" fullSync=true' },
    ]);
  });
});

describe('kube-proxy’s settings', () => {
  test('are its defaults where the configuration says 0s or nothing', () => {
    const config = 'mode: ""\niptables:\n  syncPeriod: 0s\n  minSyncPeriod: 0s\n';
    for (const text of [config, ''])
      expect(settingsOf(text)).toBe(
        'kube-proxy looks after its rules every 30s (syncPeriod), writes changes at most every 1s (minSyncPeriod), mode iptables',
      );
  });

  test('are told as the configuration has them', () => {
    const config = 'mode: nftables\niptables:\n  syncPeriod: 5s\n  minSyncPeriod: 1h\n';
    expect(settingsOf(config)).toMatch(/every 5s .* every 1h .* mode nftables/);
  });
});
