import { KubedrillError } from '../../core/index.ts';
import { BRIDGE_PORTS_COMMAND } from './bridge-ports.ts';

/** Names of the sections that NODE_SCRIPT prints. */
export type SectionName =
  | 'iptables'
  | 'ip6tables'
  | 'legacy-iptables'
  | 'legacy-ip6tables'
  | 'nft'
  | 'addresses'
  | 'links'
  | 'bridge-ports'
  | 'routes'
  | 'rules'
  | 'sysctls'
  | 'hosts'
  | 'resolver'
  | 'dns-sockets'
  | 'sandboxes'
  | 'file-facts'
  | 'file-sums'
  | 'archive'
  | 'units'
  | 'devices'
  | 'tasks'
  | 'stopped';

/** What one node printed, as it came. */
export type NodeDump = Readonly<Record<SectionName, string>>;

/** Starts a section's line; no text file holds an ASCII record separator. */
const SEPARATOR = '\u001e';

/** Files that a picture keeps whole: node configuration, services, keys, CNI. Some 60 kB packed on a control plane. */
const KEPT_FILES = [
  '/etc/kubernetes',
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/instance-config.yaml',
  '/var/lib/kubelet/kubeadm-flags.env',
  '/var/lib/kubelet/pki',
  '/etc/default/kubelet',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system/kubelet.service',
  '/usr/lib/systemd/system/kubelet.service.d',
  '/usr/lib/systemd/system/containerd.service',
  '/etc/containerd',
  '/etc/crictl.yaml',
  '/etc/cni/net.d',
  '/etc/nsswitch.conf',
  '/etc/sysctl.conf',
  '/etc/sysctl.d',
];

/** Files whose content and rights are part of the picture; the programs of the CNI are too large to be kept. */
const WATCHED_FILES = [...KEPT_FILES, '/opt/cni/bin'];

const SYSCTL_FILES = [
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/net/ipv4/ip_local_port_range',
  '/proc/sys/net/ipv4/ip_nonlocal_bind',
  '/proc/sys/net/ipv4/ip_unprivileged_port_start',
  '/proc/sys/net/ipv4/icmp_echo_ignore_all',
  '/proc/sys/net/ipv4/fib_multipath_hash_policy',
  '/proc/sys/net/ipv4/tcp_*',
  '/proc/sys/net/ipv4/conf/*/{accept_local,accept_redirects,arp_announce,arp_ignore,arp_filter,forwarding,log_martians}',
  '/proc/sys/net/ipv4/conf/*/{proxy_arp,route_localnet,rp_filter,send_redirects,src_valid_mark}',
  '/proc/sys/net/ipv4/neigh/default/gc_thresh*',
  '/proc/sys/net/ipv6/conf/*/{accept_ra,disable_ipv6,forwarding,accept_redirects}',
  '/proc/sys/net/bridge/*',
  '/proc/sys/net/core/somaxconn',
  '/proc/sys/net/netfilter/nf_conntrack_{max,buckets,tcp_*,udp_*}',
  '/proc/sys/kernel/{panic,panic_on_oops}',
  '/proc/sys/vm/{overcommit_memory,panic_on_oom}',
];

/**
 * One script for one `exec` into a node (which costs 80 ms): prints everything that a picture holds. For bash, which every
 * node has. A part whose program or file is missing is empty; legacy tables are only asked for when the kernel has some,
 * as asking would load its modules.
 */
export const NODE_SCRIPT = `
exec 2>/dev/null
shopt -s nullglob
section() { printf '\\036%s\\n' "$1"; }
section iptables; iptables-save
section ip6tables; ip6tables-save
if iptables --version | grep -q nf_tables; then
  section legacy-iptables; [ -s /proc/net/ip_tables_names ] && iptables-legacy-save
  section legacy-ip6tables; [ -s /proc/net/ip6_tables_names ] && ip6tables-legacy-save
fi
section nft
nft list tables | while read -r _ family name; do
  case "$family $name" in
    'ip filter' | 'ip nat' | 'ip mangle' | 'ip raw' | 'ip security') ;;
    'ip6 filter' | 'ip6 nat' | 'ip6 mangle' | 'ip6 raw' | 'ip6 security') ;;
    *) nft list table "$family" "$name" ;;
  esac
done
section addresses; ip -o addr show
section links; ip -o link show
section bridge-ports; ${BRIDGE_PORTS_COMMAND}
section routes; ip -4 -o route show table all; printf '\\035\\n'; ip -6 -o route show table all
section rules; ip -4 rule show; printf '\\035\\n'; ip -6 rule show
section sysctls; grep -Hs '' ${SYSCTL_FILES.join(' ')}
section hosts; cat /etc/hosts
section resolver; cat /etc/resolv.conf
section dns-sockets
for protocol in tcp udp; do grep '0B00007F:' "/proc/net/$protocol" | while read -r _ address _; do echo "$protocol $address"; done; done
section sandboxes; ls /var/lib/cni/results
section file-facts; find -H ${WATCHED_FILES.join(' ')} \\( -type f -o -type l \\) -printf '%p %m %u:%g %l\\n'
section file-sums; find -H ${WATCHED_FILES.join(' ')} -type f -print0 | xargs -0 -r sha256sum
section archive; tar -C / -cz ${KEPT_FILES.map((file) => file.slice(1)).join(' ')} | base64 -w 0
section units; systemctl list-units --type=service,timer --state=running,failed,waiting --plain --no-legend --no-pager
section devices; find /dev -xdev \\( -type b -o -type c \\) -printf '%p %y %m\\n'
section tasks; ls -d /run/containerd/io.containerd.runtime.v2.task/*/*
section stopped; ps -eo stat=,comm= | while read -r state name; do case "$state" in T*) echo "$name" ;; esac; done
section end
exit 0
`;

/**
 * Splits what NODE_SCRIPT printed; sections that a node does not have are empty. Fails for a dump that was cut off: what is
 * missing in it would look as if it were missing on the node.
 */
export function parseNodeDump(text: string): NodeDump {
  if (!text.endsWith(`${SEPARATOR}end\n`)) {
    throw new KubedrillError({
      what: 'a node could not be pictured',
      why: `its dump was cut off after ${String(text.length)} characters`,
      hint: 'run the command again; kubedrill status shows whether the node is up',
    });
  }
  const dump: Record<string, string> = {};
  for (const part of text.split(SEPARATOR).slice(1)) {
    const end = part.indexOf('\n');
    const name = part.slice(0, end);
    dump[name] = (dump[name] ?? '') + part.slice(end + 1);
  }
  return { ...EMPTY, ...dump };
}

const EMPTY: NodeDump = {
  iptables: '',
  ip6tables: '',
  'legacy-iptables': '',
  'legacy-ip6tables': '',
  nft: '',
  addresses: '',
  links: '',
  'bridge-ports': '',
  routes: '',
  rules: '',
  sysctls: '',
  hosts: '',
  resolver: '',
  'dns-sockets': '',
  sandboxes: '',
  'file-facts': '',
  'file-sums': '',
  archive: '',
  units: '',
  devices: '',
  tasks: '',
  stopped: '',
};
