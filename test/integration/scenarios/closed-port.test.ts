import { cutOf, cutScript, LIFT_SCRIPT, variants } from '../../../scenarios/catalogue/s05-split-brain-node/cut.ts';
import { BY_HANDLE, BY_RESTORE } from '../../../scenarios/catalogue/s05-split-brain-node/fixes.ts';
import { describeUnless, networkNamespace, noNetworkNamespaces } from '../../support/netns.ts';

const reason = noNetworkNamespaces(['iptables', 'ip6tables', 'nft', 'bash']);

describeUnless(reason, 'the API server’s port, closed and opened in real rules', () => {
  let node: ReturnType<typeof networkNamespace>;
  beforeEach(() => {
    node = networkNamespace('cut');
    bash(
      'for t in iptables ip6tables; do $t -A INPUT -p tcp --dport 22 -j ACCEPT; $t -N KEPT; $t -A OUTPUT -j KEPT; done',
    );
  });
  afterEach(() => node.remove());

  const bash = (script: string): string => node.sh(`bash -c '${script.replaceAll("'", String.raw`'\''`)}'`);
  const rules = (): readonly string[] =>
    bash('iptables-save -t filter; ip6tables-save -t filter')
      .split('\n')
      .filter((line) => /^(-A|:[A-Z]+ -)/.test(line));

  test.each(variants.map(({ id }) => id))(
    '%s is closed for both families, and each way to open it leaves nothing',
    (id) => {
      const before = rules();
      for (const opens of [LIFT_SCRIPT, BY_HANDLE, BY_RESTORE]) {
        bash(cutScript(cutOf(id)));
        const jumps = rules().filter((line) => line.endsWith('-j HARDENING'));
        expect(jumps).toHaveLength(2 * cutOf(id).hooks.length);
        expect(rules().filter((line) => /--[ds]port 6443 -j DROP$/.test(line))).toHaveLength(4);
        bash(opens);
        expect(rules()).toEqual(before);
      }
    },
  );

  test('opening what is open, or only half closed, is fine', () => {
    const before = rules();
    bash(LIFT_SCRIPT);
    bash('iptables -N HARDENING; iptables -I OUTPUT -j HARDENING');
    bash(LIFT_SCRIPT);
    expect(rules()).toEqual(before);
  });
});
