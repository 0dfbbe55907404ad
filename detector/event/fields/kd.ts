import { fieldsOf } from '../field-info.ts';

/** Ours alone: what Falco has no fields for. */
export const KD_FIELDS = fieldsOf(
  ['syscall'],
  [
    [
      'kd.target.pid',
      'INT64',
      'the process that kill, tkill, tgkill or ptrace is aimed at: its id on the node; of a group its leader',
    ],
    ['kd.target.name', 'CHARBUF', 'name of that process'],
    ['kd.target.cmdline', 'CHARBUF', 'name and arguments of that process'],
    ['kd.target.container.id', 'CHARBUF', 'first 12 characters of the id of its container; host outside of containers'],
    ['kd.target.pod.name', 'CHARBUF', 'name of its pod'],
    ['kd.target.ns.name', 'CHARBUF', 'namespace of its pod'],
  ],
);
