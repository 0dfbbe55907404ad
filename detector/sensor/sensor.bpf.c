/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The part of the sensor that runs in the kernel: one hook for each kind of event. All look at a call when it is over,
 * so that results are known. No kprobes: not every kernel has them.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define BPF_MAP_TYPE_RINGBUF 27
#define BPF_RB_NO_WAKEUP 1
#define BPF_RB_FORCE_WAKEUP 2
#define BPF_RB_AVAIL_DATA 0

#include "core-types.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "counters.h"
#include "filter-tables.h"
#include "protocol.h"
#include "scope.h"
#include "record.h"
#include "walk.h"
#include "process.h"
#include "calls.h"
#include "wanted.h"
#include "descriptor.h"
#include "call.h"
#include "open-kept-back.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum { CLONE_ARGUMENT_SIZE = 8 };

static __always_inline __u32 append_environment(struct record *record, __u32 used, struct task_struct *task)
{
	unsigned long from = BPF_CORE_READ(task, mm, env_start), to = BPF_CORE_READ(task, mm, env_end);

	if (!(wanted_parts & WANT_ENVIRONMENT))
		return used;
	return append_user_bytes(record, used, 6, (const void *)from, to - from);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *binprm)
{
	unsigned long from, to;
	struct record *record;
	__u32 used;

	if (!in_scope(task))
		return 0;
	record = scratch_record();
	if (!record)
		return 0;
	fill_header(record, as_integer(task), TYPE_EXECVE, 0);
	if (call_number(registers(task)) == NR_EXECVEAT)
		record->type = TYPE_EXECVEAT;
	from = BPF_CORE_READ(task, mm, arg_start);
	to = BPF_CORE_READ(task, mm, arg_end);
	used = append_user_bytes(record, 0, 0, (const void *)from, to - from);
	used = append_kernel_string(record, used, 1, BPF_CORE_READ(binprm, filename));
	used = append_process(record, used, as_integer(task));
	send_record(record, append_environment(record, used, task));
	return 0;
}

static __always_inline void failed_exec(__u16 type, const void *name, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct record *record;

	/* What succeeded was reported by on_exec, which knows more. */
	if (result >= 0 || !is_wanted(type) || !in_scope(task))
		return;
	record = scratch_record();
	if (!record)
		return;
	fill_header(record, as_integer(task), type, result);
	send_record(record, append_user_string(record, 0, 1, name));
}

static __always_inline __u16 type_of_fork(struct pt_regs *regs)
{
	switch (call_number(regs)) {
	case NR_FORK:
		return TYPE_FORK;
	case NR_VFORK:
		return TYPE_VFORK;
	case NR_CLONE3:
		return TYPE_CLONE3;
	default:
		return TYPE_CLONE;
	}
}

static __always_inline __u64 clone_flags(__u16 type, struct pt_regs *regs)
{
	__u64 first = CALL_ARGUMENT_1(regs), flags = 0;

	/* Otherwise the compiler loads either one by the same instruction, which the verifier refuses. */
	barrier_var(first);
	if (type == TYPE_CLONE)
		return first;
	if (type == TYPE_CLONE3)
		bpf_probe_read_user(&flags, CLONE_ARGUMENT_SIZE, (const void *)first);
	return flags;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct record *record;
	struct pt_regs *regs;
	__u32 used;

	/* New threads are no news for the process tree. */
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid) || !in_scope(child))
		return 0;
	record = scratch_record();
	if (!record)
		return 0;
	regs = registers(parent);
	fill_header(record, as_integer(child), type_of_fork(regs), 0);
	record->numbers[0] = clone_flags(record->type, regs);
	used = append_cgroup(record, 0, 4, cgroup_node(child));
	send_record(record, append_parent_name(record, used, 5, child));
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct record *record;

	/* The last thread takes the process with it. */
	if (BPF_CORE_READ(task, signal, live.counter) != 0 || !in_scope(task))
		return 0;
	record = scratch_record();
	if (!record)
		return 0;
	fill_header(record, as_integer(task), TYPE_PROCEXIT, 0);
	record->numbers[0] = BPF_CORE_READ(task, exit_code);
	send_record(record, 0);
	return 0;
}

static __always_inline void describe_opened_file(struct record *record, struct file *file)
{
	enum { FMODE_CREATED = 0x100000 };
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	record->numbers[3] = BPF_CORE_READ(inode, i_sb, s_dev);
	record->numbers[4] = BPF_CORE_READ(inode, i_ino);
	record->numbers[5] = BPF_CORE_READ(inode, i_mode);
	if (BPF_CORE_READ(file, f_mode) & FMODE_CREATED)
		record->numbers[5] |= FILE_CREATED;
}

struct open_call {
	__u16 type;
	int dirfd;
	const void *name;
	__u64 flags, mode;
	long result;
};

static __always_inline void report_open(const struct open_call *call)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct record *record;
	__u32 used;
	long size;

	if (!is_wanted(call->type) || !in_scope(task))
		return;
	record = scratch_record();
	if (!record)
		return;
	/* Read once: what the filter sees is what is reported, whatever the program does to it meanwhile. */
	size = bpf_probe_read_user_str(record->data, STRING_MAX, call->name);
	if (is_kept_back(record, kind_of_open(call->flags, call->mode, call->result), size))
		return;
	fill_header(record, as_integer(task), call->type, call->result);
	record->numbers[0] = call->flags;
	record->numbers[1] = call->mode;
	record->numbers[2] = (__u64)(__s64)call->dirfd;
	if (call->result >= 0) {
		struct file *file = file_of(task, call->result);

		if (file)
			describe_opened_file(record, file);
	}
	used = take_user_string(record, 0, 0, size);
	if (record->sizes[0] == 0 || record->data[0] != '/')
		used = append_base(record, used, 1, task, call->dirfd);
	send_record(record, used);
}

static __always_inline void report_openat(struct pt_regs *regs, long result)
{
	struct open_call call = {
		.type = TYPE_OPENAT,
		.dirfd = CALL_ARGUMENT_1(regs),
		.name = (const void *)CALL_ARGUMENT_2(regs),
		.flags = (__u32)CALL_ARGUMENT_3(regs),
		.mode = (__u32)CALL_ARGUMENT_4(regs),
		.result = result,
	};

	report_open(&call);
}

static __always_inline void report_openat2(struct pt_regs *regs, long result)
{
	struct {
		__u64 flags, mode;
	} how = {};
	struct open_call call = {
		.type = TYPE_OPENAT2,
		.dirfd = CALL_ARGUMENT_1(regs),
		.name = (const void *)CALL_ARGUMENT_2(regs),
		.result = result,
	};

	bpf_probe_read_user(&how, sizeof(how), (const void *)CALL_ARGUMENT_3(regs));
	call.flags = how.flags;
	call.mode = how.mode;
	report_open(&call);
}

static __always_inline void report_plain_open(struct pt_regs *regs, long result)
{
	struct open_call call = {
		.type = TYPE_OPEN,
		.dirfd = -100,
		.name = (const void *)CALL_ARGUMENT_1(regs),
		.flags = (__u32)CALL_ARGUMENT_2(regs),
		.mode = (__u32)CALL_ARGUMENT_3(regs),
		.result = result,
	};

	report_open(&call);
}

static __always_inline void report_creat(struct pt_regs *regs, long result)
{
	enum { CREAT_FLAGS = 01 | 0100 | 01000 };
	struct open_call call = {
		.type = TYPE_CREAT,
		.dirfd = -100,
		.name = (const void *)CALL_ARGUMENT_1(regs),
		.flags = CREAT_FLAGS,
		.mode = (__u32)CALL_ARGUMENT_2(regs),
		.result = result,
	};

	report_open(&call);
}

/* How the kernel hands the end of a system call to a program on the tracepoint of that call. */
struct call_end {
	__u64 common;
	int number;
	long result;
};

#define ON_CALL(call, statement)                                                                                      \
	SEC("tp/syscalls/sys_exit_" #call)                                                                             \
	int on_##call(struct call_end *end)                                                                            \
	{                                                                                                              \
		struct pt_regs *regs = registers(bpf_get_current_task_btf());                                          \
		long result = end->result;                                                                             \
		statement;                                                                                             \
		return 0;                                                                                              \
	}

ON_CALL(open, report_plain_open(regs, result))
ON_CALL(creat, report_creat(regs, result))
ON_CALL(openat, report_openat(regs, result))
ON_CALL(openat2, report_openat2(regs, result))
ON_CALL(execve, failed_exec(TYPE_EXECVE, (const void *)CALL_ARGUMENT_1(regs), result))
ON_CALL(execveat, failed_exec(TYPE_EXECVEAT, (const void *)CALL_ARGUMENT_2(regs), result))

/* One program for the tracepoints of all calls that have a plan. */
SEC("tp/syscalls/sys_exit_planned")
int on_planned(struct call_end *end)
{
	return report_call(type_of_call(end->number), end->result);
}

/* One hook on all calls, where the tracepoints of single calls cannot be had (no tracefs). It costs every call. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_any_call, struct pt_regs *regs, long result)
{
	long number = call_number(regs);

	if (is_32_bit(bpf_get_current_task_btf()))
		return 0;
	switch (number) {
	case NR_OPEN:
		report_plain_open(regs, result);
		break;
	case NR_CREAT:
		report_creat(regs, result);
		break;
	case NR_OPENAT:
		report_openat(regs, result);
		break;
	case NR_OPENAT2:
		report_openat2(regs, result);
		break;
	case NR_EXECVE:
		failed_exec(TYPE_EXECVE, (const void *)CALL_ARGUMENT_1(regs), result);
		break;
	case NR_EXECVEAT:
		failed_exec(TYPE_EXECVEAT, (const void *)CALL_ARGUMENT_2(regs), result);
		break;
	default:
		if (type_of_call(number))
			report_call(type_of_call(number), result);
	}
	return 0;
}

/* A record of its own: the walk over the processes may be interrupted by hooks on the same CPU. */
static struct record snapshot_record;

SEC("iter/task")
int on_existing(struct bpf_iter__task *context)
{
	struct seq_file *seq = context->meta->seq;
	struct task_struct *task = context->task;
	struct record *record = &snapshot_record;
	__u64 size;

	if (!task || BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid) || !in_scope(task))
		return 0;
	fill_header(record, as_integer(task), TYPE_EXECVE, 0);
	size = record_size(append_process(record, 0, as_integer(task)));
	if (size > sizeof(*record))
		return 0;
	bpf_seq_write(seq, record, size);
	return 0;
}
