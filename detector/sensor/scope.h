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
/* The sensor's own number in that namespace; 0 where it is outside. */
const volatile __u32 own_nr;
/* Learnt from the first process in scope: neither level nor address of a namespace changes while the sensor is in it. */
int scope_level = -1;
unsigned long scope_namespace;

static __always_inline struct upid upid_at(const struct pid *pid, unsigned int level)
{
	struct upid found = {};
	const void *numbers = (const void *)pid + bpf_core_field_offset(struct pid, numbers);

	bpf_probe_read_kernel(&found, sizeof(found), numbers + level * sizeof(struct upid));
	return found;
}

static __always_inline void learn_scope(const struct pid *pid, unsigned int level)
{
	for (unsigned int at = 0; at < MAX_PID_LEVELS && at <= level; at++) {
		struct upid upid = upid_at(pid, at);

		if (BPF_CORE_READ(upid.ns, ns.inum) != (unsigned int)scope_inum)
			continue;
		scope_namespace = (unsigned long)upid.ns;
		scope_level = at;
		return;
	}
}

/* The number by which the watched namespace knows a process, thread, group or session; 0 when it is outside. */
static __always_inline __u32 scoped_nr(const struct pid *pid)
{
	struct upid upid;

	if (!pid || scope_level < 0 || BPF_CORE_READ(pid, level) < (unsigned int)scope_level)
		return 0;
	upid = upid_at(pid, scope_level);
	return (unsigned long)upid.ns == scope_namespace ? upid.nr : 0;
}

static __always_inline __u32 innermost_nr(const struct pid *pid)
{
	return pid ? upid_at(pid, BPF_CORE_READ(pid, level)).nr : 0;
}

/*
 * Asked at every hook, mostly for processes that are not the node's: plain loads, which the verifier allows for a task
 * that it knows, and one copy at most.
 */
static __always_inline bool in_scope(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;

	if (!pid)
		return false;
	if (scope_level < 0)
		learn_scope(pid, pid->level);
	if (scope_level < 0 || pid->level < (unsigned int)scope_level)
		return false;
	return (unsigned long)upid_at(pid, scope_level).ns == scope_namespace;
}

/* Of a process in scope. */
static __always_inline bool is_sensor(struct task_struct *task)
{
	return own_nr && scoped_nr(task->thread_pid) == own_nr;
}

#endif
