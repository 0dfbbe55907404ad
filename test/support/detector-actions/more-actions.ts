import { NAMESPACE_TOOL, type DetectorAction } from './actions.ts';

const METADATA = 'Contact cloud metadata service from container';
const PRIVILEGED_START = ['Launch Excessively Capable Container', 'Launch Privileged Container'];

/** For incubating and sandbox rules. */
export const MORE_ACTIONS: readonly DetectorAction[] = [
  {
    ...{ rule: 'Modify Shell Configuration File', maturity: 'incubating', pod: 'plain' },
    does: 'makes a .bashrc in a volume',
    run: ['touch', '/actions/.bashrc'],
  },
  {
    ...{ rule: 'Schedule Cron Jobs', maturity: 'incubating', pod: 'plain' },
    does: 'starts crontab (a link to true)',
    run: ['/actions/crontab', '/dev/null'],
  },
  {
    ...{ rule: 'Read ssh information', maturity: 'incubating', pod: 'plain' },
    does: 'prints an empty file in /root/.ssh',
    run: ['cat', '/root/.ssh/id_action'],
  },
  {
    ...{ rule: 'DB program spawned process', maturity: 'incubating', pod: 'plain', own: [] },
    does: 'starts true as a database (a shell named mysqld)',
    run: ['/actions/mysqld', '-c', '/usr/bin/true; :'],
  },
  {
    ...{ rule: 'Change thread namespace', maturity: 'incubating', pod: 'privileged' },
    does: 'enters the namespace of host names that it is in already',
    run: ['nsenter', '--uts=/proc/self/ns/uts', 'true'],
    own: ['Change thread namespace', NAMESPACE_TOOL],
  },
  {
    ...{ rule: 'Change namespace privileges via unshare', maturity: 'incubating', pod: 'nobody' },
    does: 'asks for a user namespace of its own, where it would be root',
    run: ['unshare', '--user', 'true'],
    own: ['Change namespace privileges via unshare', NAMESPACE_TOOL],
  },
  {
    ...{ rule: 'Launch Privileged Container', maturity: 'incubating', pod: 'privileged' },
    does: 'starts a privileged pod',
    run: 'start',
    official: PRIVILEGED_START,
    own: [],
  },
  {
    ...{ rule: 'System procs network activity', maturity: 'incubating', pod: 'privileged', own: [] },
    does: 'connects to itself by UDP, port 53, as a program named like one of coreutils',
    run: ['/actions/factor'],
  },
  {
    ...{ rule: 'Program run with disallowed http proxy env', maturity: 'incubating', pod: 'plain' },
    does: 'asks curl for its version, with a proxy in its environment',
    run: ['env', 'HTTP_PROXY=http://127.0.0.1:9', 'curl', '--version'],
    own: ['Launch Ingress Remote File Copy Tools in Container'],
  },
  {
    ...{ rule: 'Unexpected UDP Traffic', maturity: 'incubating', pod: 'privileged', own: [] },
    does: 'connects to itself by UDP, port 9999',
    run: ['/actions/udp-client'],
  },
  {
    ...{ rule: 'Create files below dev', maturity: 'incubating', pod: 'plain' },
    does: 'makes an empty file in /dev of the container',
    run: ['touch', '/dev/made-by-action'],
  },
  {
    ...{ rule: METADATA, maturity: 'incubating', pod: 'privileged' },
    does: 'connects to the address of cloud metadata, which is its own',
    run: ['/actions/ask-metadata'],
    official: ['Contact EC2 Instance Metadata Service From Container', METADATA],
  },
  {
    ...{ rule: 'Launch Package Management Process in Container', maturity: 'incubating', pod: 'plain' },
    does: 'starts apt-get (a link to true)',
    run: ['/actions/apt-get', 'update'],
  },
  {
    ...{ rule: 'Launch Suspicious Network Tool in Container', maturity: 'incubating', pod: 'plain' },
    does: 'starts nmap (a link to true)',
    run: ['/actions/nmap', '127.0.0.1'],
  },
  {
    ...{ rule: 'Delete or rename shell history', maturity: 'incubating', pod: 'plain' },
    does: 'removes an empty .bash_history',
    run: ['rm', '/actions/.bash_history'],
  },
  {
    ...{ rule: 'Set Setuid or Setgid bit', maturity: 'incubating', pod: 'plain' },
    does: 'sets the bit on an empty file',
    run: ['chmod', 'u+s', '/actions/program'],
  },
  {
    ...{ rule: 'Launch Remote File Copy Tools in Container', maturity: 'incubating', pod: 'plain' },
    does: 'starts scp (a link to true)',
    run: ['/actions/scp', '-V'],
  },
  {
    ...{ rule: 'Mount Launched in Privileged Container', maturity: 'incubating', pod: 'privileged', own: [] },
    does: 'starts mount (a link to true)',
    run: ['/actions/mount', '/dev/none', '/mnt'],
  },
  {
    ...{ rule: 'Launch Ingress Remote File Copy Tools in Container', maturity: 'incubating', pod: 'plain' },
    does: 'starts wget (a link to true)',
    run: ['/actions/wget', 'http://127.0.0.1/'],
  },
  {
    ...{ rule: 'Read environment variable from /proc files', maturity: 'incubating', pod: 'plain', own: [] },
    does: 'prints the environment of the container’s first process',
    run: ['cat', '/proc/1/environ'],
  },
  {
    ...{ rule: 'Exfiltrating Artifacts via Kubernetes Control Plane', maturity: 'incubating', pod: 'plain', own: [] },
    does: 'packs a file, as kubectl cp does',
    run: ['tar', '--create', '--file=/actions/out.tar', '--directory=/actions', 'payload'],
  },
  {
    ...{ rule: 'Adding ssh keys to authorized_keys', maturity: 'incubating', pod: 'plain' },
    does: 'makes an empty authorized_keys in the container',
    run: ['touch', '/root/.ssh/authorized_keys'],
    official: ['Adding ssh keys to authorized_keys', 'Write below monitored dir'],
  },
  {
    ...{ rule: 'Potential Local Privilege Escalation via Environment Variables Misuse', maturity: 'incubating' },
    pod: 'nobody',
    does: 'starts true with a setting of the C library',
    run: ['env', 'GLIBC_TUNABLES=glibc.malloc.tcache_count=0', 'true'],
  },
  {
    ...{ rule: 'BPF Program Not Profiled', maturity: 'incubating', pod: 'privileged' },
    does: 'loads a program of two instructions and attaches it to nothing',
    run: ['/actions/bpf-loader'],
  },
  {
    ...{ rule: 'Write below binary dir', maturity: 'sandbox', pod: 'plain' },
    does: 'makes an empty file in /usr/bin of the container',
    run: ['touch', '/usr/bin/made-by-action'],
  },
  {
    ...{ rule: 'Write below etc', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'makes an empty file in /etc of the container',
    run: ['touch', '/etc/made-by-action'],
  },
  {
    ...{ rule: 'Write below root', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'makes an empty file in /root of the container',
    run: ['touch', '/root/made-by-action'],
  },
  {
    ...{ rule: 'Modify binary dirs', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'removes an empty file from /usr/bin of the container',
    run: ['rm', '/usr/bin/removed-by-action'],
  },
  {
    ...{ rule: 'Mkdir binary dirs', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'makes a folder in /usr/bin of the container',
    run: ['mkdir', '/usr/bin/folder-of-action'],
  },
  {
    ...{ rule: 'Detect crypto miners using the Stratum protocol', maturity: 'sandbox', pod: 'plain' },
    does: 'starts a program that does nothing with the address of a mining pool',
    run: ['/actions/worker', '-o', 'stratum+tcp://127.0.0.1:9'],
  },
  {
    ...{ rule: 'Kubernetes Client Tool Launched in Container', maturity: 'sandbox', pod: 'plain' },
    does: 'starts kubectl (a link to true)',
    run: ['/actions/kubectl', 'get', 'pods'],
  },
  {
    rule: 'Unprivileged Delegation of Page Faults Handling to a Userspace Process',
    ...{ maturity: 'sandbox', pod: 'nobody' },
    does: 'asks for a descriptor to handle its own page faults with',
    run: ['/actions/page-faults'],
  },
  {
    ...{ rule: 'Decoding Payload in Container', maturity: 'sandbox', pod: 'plain' },
    does: 'decodes a word from base64',
    run: ['base64', '-d', '/actions/encoded'],
  },
  {
    ...{ rule: 'Basic Interactive Reconnaissance', maturity: 'sandbox', pod: 'plain', terminal: true, own: [] },
    does: 'asks who it is, with a terminal',
    run: ['whoami'],
  },
  {
    ...{ rule: 'Known Cryptominer Process Executed', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'starts xmrig (a link to true)',
    run: ['/actions/xmrig'],
  },
  {
    ...{ rule: 'Web Server Spawned Shell', maturity: 'sandbox', pod: 'plain' },
    does: 'starts a shell as a web server (a shell named nginx)',
    run: ['/actions/nginx', '-c', 'sh -c :; :'],
    official: ['Run shell untrusted', 'Web Server Spawned Shell'],
    own: ['Run shell untrusted'],
  },
  {
    ...{ rule: 'Web Server Spawned Suspicious Child Process', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'starts id as a web server (a shell named nginx)',
    run: ['/actions/nginx', '-c', '/usr/bin/id; :'],
  },
  {
    ...{ rule: 'Container Access to Host Sensitive Paths', maturity: 'sandbox', pod: 'plain', own: [] },
    does: 'prints an empty file in /host of the container',
    run: ['cat', '/host/file'],
  },
];
