/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What a record says of its process. */
#ifndef KUBEDRILL_PROCESS_H
#define KUBEDRILL_PROCESS_H

enum { OVERLAYFS_MAGIC = 0x794c7630, NO_LOGINUID = 0xffffffff };

static __always_inline __u32 tty_of(struct signal_struct *signal)
{
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);

	if (!tty)
		return 0;
	return (__u32)BPF_CORE_READ(tty, driver, major) << 8 |
	       ((__u32)BPF_CORE_READ(tty, driver, minor_start) + (__u32)BPF_CORE_READ(tty, index));
}

static __always_inline __u32 loginuid_of(struct task_struct *task)
{
	return bpf_core_field_exists(task->loginuid) ? BPF_CORE_READ(task, loginuid.val) : NO_LOGINUID;
}

static __always_inline __u64 capabilities(const kernel_cap_t *from)
{
	__u64 set = 0;

	bpf_probe_read_kernel(&set, sizeof(set), from);
	return set;
}

static __always_inline void append_capabilities(struct record *record, const struct cred *cred)
{
	record->cap_effective = capabilities(__builtin_preserve_access_index(&cred->cap_effective));
	record->cap_permitted = capabilities(__builtin_preserve_access_index(&cred->cap_permitted));
	record->cap_inheritable = capabilities(__builtin_preserve_access_index(&cred->cap_inheritable));
}

__noinline int fill_header(struct record *record, unsigned long of, __u32 type, __s64 result)
{
	struct task_struct *task = (struct task_struct *)of;
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *process = BPF_CORE_READ(signal, pids[PIDTYPE_TGID]);
	struct pid *thread = BPF_CORE_READ(task, thread_pid);

	if (!record)
		return 0;
	__builtin_memset(record, 0, offsetof(struct record, data));
	record->time_ns = bpf_ktime_get_ns();
	record->start_ns = BPF_CORE_READ(task, group_leader, start_time);
	record->cgroup_id = BPF_CORE_READ(cgroup_node(task), id);
	record->result = result;
	append_capabilities(record, BPF_CORE_READ(task, cred));
	record->pid = scoped_nr(process);
	record->tid = scoped_nr(thread);
	record->ppid = scoped_nr(BPF_CORE_READ(task, real_parent, signal, pids[PIDTYPE_TGID]));
	record->pgid = scoped_nr(BPF_CORE_READ(signal, pids[PIDTYPE_PGID]));
	record->sid = scoped_nr(BPF_CORE_READ(signal, pids[PIDTYPE_SID]));
	record->vpid = innermost_nr(process);
	record->vtid = innermost_nr(thread);
	record->uid = BPF_CORE_READ(task, cred, euid.val);
	record->gid = BPF_CORE_READ(task, cred, egid.val);
	record->vpgid = innermost_nr(BPF_CORE_READ(signal, pids[PIDTYPE_PGID]));
	record->vsid = innermost_nr(BPF_CORE_READ(signal, pids[PIDTYPE_SID]));
	record->loginuid = loginuid_of(task);
	record->tty = tty_of(signal);
	record->type = type;
	BPF_CORE_READ_STR_INTO(&record->comm, task, comm);
	return 0;
}

static __always_inline __u32 append_parent_name(struct record *record, __u32 used, int slot, struct task_struct *task)
{
	struct task_struct *parent = BPF_CORE_READ(task, real_parent, group_leader);

	return append_kernel_string(record, used, slot, (void *)parent + bpf_core_field_offset(struct task_struct, comm));
}

/* An inode of overlayfs is followed in memory by the dentry of its upper layer, if it has one. */
static __always_inline bool has_upper_layer(struct inode *inode)
{
	struct dentry *upper = NULL;

	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
	return upper && BPF_CORE_READ(upper, d_inode);
}

static __always_inline bool is_memfd(struct path path, struct inode *inode)
{
	static const char prefix[] = { 'm', 'e', 'm', 'f', 'd', ':' };
	char name[8] = {};

	if (BPF_CORE_READ(inode, i_nlink) != 0 || BPF_CORE_READ(path.dentry, d_parent) != path.dentry)
		return false;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(path.dentry, d_name.name));
	for (unsigned int i = 0; i < sizeof(prefix); i++)
		if (name[i] != prefix[i])
			return false;
	return true;
}

static __always_inline __u64 exe_flags(struct path path, struct inode *inode)
{
	if (is_memfd(path, inode))
		return EXE_FROM_MEMFD;
	if (BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_MAGIC)
		return 0;
	return has_upper_layer(inode) ? EXE_UPPER_LAYER : EXE_LOWER_LAYER;
}

static __always_inline __u64 in_ns(struct timespec64 time)
{
	return (__u64)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The kernel has kept these times under three names. */
static __always_inline __u64 ctime_ns(struct inode *inode)
{
	struct inode___since_6_11 *newest = (void *)inode;
	struct inode___before_6_11 *newer = (void *)inode;
	struct inode___before_6_7 *older = (void *)inode;

	if (bpf_core_field_exists(newest->i_ctime_sec))
		return (__u64)BPF_CORE_READ(newest, i_ctime_sec) * 1000000000 + BPF_CORE_READ(newest, i_ctime_nsec);
	if (bpf_core_field_exists(newer->__i_ctime))
		return in_ns(BPF_CORE_READ(newer, __i_ctime));
	return bpf_core_field_exists(older->i_ctime) ? in_ns(BPF_CORE_READ(older, i_ctime)) : 0;
}

static __always_inline __u64 mtime_ns(struct inode *inode)
{
	struct inode___since_6_11 *newest = (void *)inode;
	struct inode___before_6_11 *newer = (void *)inode;
	struct inode___before_6_7 *older = (void *)inode;

	if (bpf_core_field_exists(newest->i_mtime_sec))
		return (__u64)BPF_CORE_READ(newest, i_mtime_sec) * 1000000000 + BPF_CORE_READ(newest, i_mtime_nsec);
	if (bpf_core_field_exists(newer->__i_mtime))
		return in_ns(BPF_CORE_READ(newer, __i_mtime));
	return bpf_core_field_exists(older->i_mtime) ? in_ns(BPF_CORE_READ(older, i_mtime)) : 0;
}

static __always_inline __u32 append_executable(struct record *record, __u32 used, struct task_struct *task)
{
	struct file *file = BPF_CORE_READ(task, mm, exe_file);
	const struct path top = {};
	struct inode *inode;
	struct path path;

	if (!file)
		return used;
	path = BPF_CORE_READ(file, f_path);
	inode = BPF_CORE_READ(file, f_inode);
	record->numbers[0] = exe_flags(path, inode);
	record->numbers[1] = ctime_ns(inode);
	record->numbers[2] = mtime_ns(inode);
	record->numbers[3] = BPF_CORE_READ(inode, i_ino);
	record->numbers[4] = BPF_CORE_READ(inode, i_uid.val) | (__u64)BPF_CORE_READ(inode, i_gid.val) << 32;
	record->numbers[5] = BPF_CORE_READ(inode, i_mode);
	if (record->numbers[0] == EXE_FROM_MEMFD) {
		__u32 next = append_component(record, used, BPF_CORE_READ(path.dentry, d_name.name));

		record->sizes[2] = next - used;
		return next;
	}
	/* Up to the root of the mount namespace, not of a chroot: the executable as the container sees it. */
	return append_path(record, used, 2, path, top);
}

static __always_inline __u32 append_cwd(struct record *record, __u32 used, int slot, struct task_struct *task)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct path root, pwd;

	if (!fs)
		return used;
	root = BPF_CORE_READ(fs, root);
	pwd = BPF_CORE_READ(fs, pwd);
	return append_path(record, used, slot, pwd, root);
}

/* All that an exec says but the arguments and the name as given; also of a process that was there before us. */
__noinline int append_process(struct record *record, __u32 used, unsigned long of)
{
	struct task_struct *task = (struct task_struct *)of;

	if (!record)
		return 0;
	used = append_executable(record, used, task);
	used = append_cwd(record, used, 3, task);
	used = append_cgroup(record, used, 4, cgroup_node(task));
	return append_parent_name(record, used, 5, task);
}

static __always_inline struct file *file_of(struct task_struct *task, __u32 descriptor)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;

	if (!table || descriptor >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + descriptor);
	return file;
}

#endif
