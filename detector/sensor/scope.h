/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which processes belong to the node: those whose PID namespace is the watched one or below it. In kind a node is a
 * container, so this keeps out the host's processes and the other nodes'. cgroups would not do: on cgroup v1 a program
 * in the kernel cannot ask for an ancestor by its level.
 */
#ifndef KUBEDRILL_SCOPE_H
#define KUBEDRILL_SCOPE_H

enum { MAX_PID_LEVELS = 33 };

/* Set before loading. */
const volatile __u64 scope_inum;
/* Learnt from the first process in scope: a namespace's level never changes. */
int scope_level = -1;

static __always_inline struct upid upid_at(const struct pid *pid, unsigned int level)
{
	struct upid found = {};
	const void *numbers = (const void *)pid + bpf_core_field_offset(struct pid, numbers);

	bpf_probe_read_kernel(&found, sizeof(found), numbers + level * sizeof(struct upid));
	return found;
}

static __always_inline bool is_scope(const struct upid *upid)
{
	return BPF_CORE_READ(upid->ns, ns.inum) == (unsigned int)scope_inum;
}

static __always_inline int find_scope_level(const struct pid *pid, unsigned int level)
{
	for (unsigned int at = 0; at < MAX_PID_LEVELS; at++) {
		struct upid upid;

		if (at > level)
			break;
		upid = upid_at(pid, at);
		if (is_scope(&upid))
			return at;
	}
	return -1;
}

/* The number by which the watched namespace knows a process, thread, group or session; 0 when it is outside. */
static __always_inline __u32 scoped_nr(const struct pid *pid)
{
	struct upid upid;

	if (!pid || scope_level < 0 || BPF_CORE_READ(pid, level) < (unsigned int)scope_level)
		return 0;
	upid = upid_at(pid, scope_level);
	return is_scope(&upid) ? upid.nr : 0;
}

static __always_inline __u32 innermost_nr(const struct pid *pid)
{
	return pid ? upid_at(pid, BPF_CORE_READ(pid, level)).nr : 0;
}

static __always_inline bool in_scope(struct task_struct *task)
{
	const struct pid *pid = BPF_CORE_READ(task, thread_pid);

	if (!pid)
		return false;
	if (scope_level < 0)
		scope_level = find_scope_level(pid, BPF_CORE_READ(pid, level));
	return scoped_nr(pid) != 0;
}

#endif
