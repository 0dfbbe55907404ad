/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the engine wants; see struct configuration. */
#ifndef KUBEDRILL_WANTED_H
#define KUBEDRILL_WANTED_H

/* Until an engine says otherwise: what every engine wants. */
volatile __u64 wanted_types[2] = { (2ULL << LAST_TYPE_ALWAYS) - 2 };
volatile __u32 wanted_parts;

static __always_inline bool is_wanted(__u64 type)
{
	__u64 word = type < 64 ? wanted_types[0] : wanted_types[1];

	return word >> (type & 63) & 1;
}

static __always_inline struct pt_regs *registers(struct task_struct *task)
{
	return (struct pt_regs *)bpf_task_pt_regs(task);
}

#endif
