import type { Play } from '../../define.ts';
import { CHAIN } from './cut.ts';
import type { SplitParameters } from './parameters.ts';
import { onVictim, untilHealed } from './repair.ts';

export const BY_HANDLE = `
for family in ip ip6; do
  nft -a list table $family filter |
    awk -v chain=${CHAIN} '$1 == "chain" {in_chain = $2} $0 ~ "jump " chain {print in_chain, $NF}' |
    while read -r hook handle; do nft delete rule $family filter "$hook" handle "$handle"; done
  nft flush chain $family filter ${CHAIN}
  nft delete chain $family filter ${CHAIN}
done
`;

export const BY_RESTORE = `
set -e
for t in iptables ip6tables; do
  $t-save -t filter | grep -v ${CHAIN} | $t-restore
done
`;

export const fixes: readonly Play<SplitParameters>[] = [
  {
    name: 'nft-handles',
    says: 'the jumps deleted by their handles with nft, then the chain, then the kubelet restarted',
    run: async (context) => {
      await onVictim(context, BY_HANDLE);
      await onVictim(context, 'systemctl restart kubelet');
      await untilHealed(context);
    },
  },
  {
    name: 'filtered-restore',
    says: 'the filter table loaded again without the chain',
    run: async (context) => {
      await onVictim(context, BY_RESTORE);
      await untilHealed(context);
    },
  },
];
