/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Paths of files and cgroups, walked from the leaf to the root because that is how the kernel links them. Each step is
 * a function of its own that is not inlined: the verifier then looks at it once, and not once for every way through
 * all the steps before. Such functions take kernel pointers as integers.
 */
#ifndef KUBEDRILL_WALK_H
#define KUBEDRILL_WALK_H

enum { MAX_STEPS = 48 };
enum step { STEP_AGAIN, STEP_COMPLETE, STEP_NO_ROOM };

/* A kernel pointer that the verifier has a type for, as the integer that the functions below ask for. */
static __always_inline unsigned long as_integer(const void *pointer)
{
	unsigned long integer = 0;

	bpf_probe_read_kernel(&integer, sizeof(integer), &pointer);
	return integer;
}

/* Where a walk stands. It ends at `root_*` at the latest; zero: at the root of the mount namespace. */
struct walk {
	unsigned long mnt, dentry;
	unsigned long root_mnt, root_dentry;
	__u32 used;
};

__noinline int step_up_path(struct record *record, struct walk *walk)
{
	struct vfsmount *mnt;
	struct dentry *dentry, *parent;
	__u32 next;

	if (!record || !walk)
		return STEP_COMPLETE;
	mnt = (struct vfsmount *)walk->mnt;
	dentry = (struct dentry *)walk->dentry;
	if (walk->dentry == walk->root_dentry && walk->mnt == walk->root_mnt)
		return STEP_COMPLETE;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (dentry == parent || dentry == BPF_CORE_READ(mnt, mnt_root)) {
		struct mount *mount = (void *)mnt - bpf_core_field_offset(struct mount, mnt);
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		if (!above || above == mount)
			return STEP_COMPLETE;
		walk->dentry = (unsigned long)BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mnt = (unsigned long)above + bpf_core_field_offset(struct mount, mnt);
		return STEP_AGAIN;
	}
	next = append_component(record, walk->used, BPF_CORE_READ(dentry, d_name.name));
	if (next == walk->used)
		return STEP_NO_ROOM;
	walk->used = next;
	walk->dentry = (unsigned long)parent;
	return STEP_AGAIN;
}

static __always_inline __u32 append_path(struct record *record, __u32 used, int slot, struct path from,
					 struct path root)
{
	struct walk walk = { .mnt = (unsigned long)from.mnt,
			     .dentry = (unsigned long)from.dentry,
			     .root_mnt = (unsigned long)root.mnt,
			     .root_dentry = (unsigned long)root.dentry,
			     .used = used };
	int step = STEP_AGAIN;

	for (int i = 0; i < MAX_STEPS && step == STEP_AGAIN; i++)
		step = step_up_path(record, &walk);
	if (step != STEP_COMPLETE)
		record->flags |= RECORD_TRUNCATED;
	record->sizes[slot] = walk.used - used;
	return walk.used;
}

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	struct kernfs_node___since_6_15 *newer = (void *)node;
	struct kernfs_node___before_6_15 *older = (void *)node;

	if (bpf_core_field_exists(newer->__parent))
		return BPF_CORE_READ(newer, __parent);
	return BPF_CORE_READ(older, parent);
}

/* Uses `dentry` of the walk for the node. */
__noinline int step_up_cgroup(struct record *record, struct walk *walk)
{
	struct kernfs_node *node, *parent;
	__u32 next;

	if (!record || !walk || !walk->dentry)
		return STEP_COMPLETE;
	node = (struct kernfs_node *)walk->dentry;
	parent = parent_of(node);
	/* The root's own name is empty. */
	if (!parent)
		return STEP_COMPLETE;
	next = append_component(record, walk->used, BPF_CORE_READ(node, name));
	if (next == walk->used)
		return STEP_NO_ROOM;
	walk->used = next;
	walk->dentry = (unsigned long)parent;
	return STEP_AGAIN;
}

static __always_inline __u32 append_cgroup(struct record *record, __u32 used, int slot, struct kernfs_node *node)
{
	struct walk walk = { .dentry = (unsigned long)node, .used = used };
	int step = STEP_AGAIN;

	for (int i = 0; i < MAX_STEPS && step == STEP_AGAIN; i++)
		step = step_up_cgroup(record, &walk);
	if (step != STEP_COMPLETE)
		record->flags |= RECORD_TRUNCATED;
	record->sizes[slot] = walk.used - used;
	return walk.used;
}

static __always_inline struct cgroup *cgroup_of(struct css_set *set, int subsystem)
{
	struct cgroup_subsys_state *state = NULL;
	const void *states = (const void *)set + bpf_core_field_offset(struct css_set, subsys);

	bpf_probe_read_kernel(&state, sizeof(state), states + subsystem * sizeof(state));
	return state ? BPF_CORE_READ(state, cgroup) : NULL;
}

#define TRY_V1_HIERARCHY(set, unified, subsystem)                                                                     \
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, subsystem)) {                                            \
		struct cgroup *found = cgroup_of(set, bpf_core_enum_value(enum cgroup_subsys_id, subsystem));         \
		if (found && BPF_CORE_READ(found, root) != BPF_CORE_READ(unified, root))                               \
			return BPF_CORE_READ(found, kn);                                                               \
	}

/*
 * The cgroup that tells the container. Where a controller has a hierarchy of its own (cgroup v1, also in hybrid mode)
 * container engines put containers there and may leave the unified hierarchy alone.
 */
static __always_inline struct kernfs_node *cgroup_node(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp);

	TRY_V1_HIERARCHY(set, unified, memory_cgrp_id);
	TRY_V1_HIERARCHY(set, unified, pids_cgrp_id);
	TRY_V1_HIERARCHY(set, unified, devices_cgrp_id);
	return BPF_CORE_READ(unified, kn);
}

#endif
