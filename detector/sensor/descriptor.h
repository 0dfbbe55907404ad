/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a descriptor leads to, looked up in the kernel's own table when the call is over: so nothing that was opened
 * before the sensor came, was inherited or was passed on is unknown.
 */
#ifndef KUBEDRILL_DESCRIPTOR_H
#define KUBEDRILL_DESCRIPTOR_H

enum { AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, TYPE_MASK = 0170000, SOCKET_TYPE = 0140000 };

static __always_inline void describe_addresses(struct descriptor *about, struct sock *sock)
{
	struct sock_common *common = &sock->__sk_common;

	about->local_port = BPF_CORE_READ(common, skc_num);
	about->remote_port = __builtin_bswap16(BPF_CORE_READ(common, skc_dport));
	if (about->family == AF_INET) {
		bpf_probe_read_kernel(about->local, 4, __builtin_preserve_access_index(&common->skc_rcv_saddr));
		bpf_probe_read_kernel(about->remote, 4, __builtin_preserve_access_index(&common->skc_daddr));
	}
	if (about->family == AF_INET6 && bpf_core_field_exists(common->skc_v6_daddr)) {
		bpf_probe_read_kernel(about->local, 16, __builtin_preserve_access_index(&common->skc_v6_rcv_saddr));
		bpf_probe_read_kernel(about->remote, 16, __builtin_preserve_access_index(&common->skc_v6_daddr));
	}
}

static __always_inline struct sock *describe_socket(struct descriptor *about, struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sock = socket ? BPF_CORE_READ(socket, sk) : NULL;

	if (!sock)
		return NULL;
	about->family = BPF_CORE_READ(sock, __sk_common.skc_family);
	about->state = BPF_CORE_READ(sock, __sk_common.skc_state);
	about->type = BPF_CORE_READ(sock, sk_type);
	about->protocol = BPF_CORE_READ(sock, sk_protocol);
	if (about->family == AF_INET || about->family == AF_INET6)
		describe_addresses(about, sock);
	return sock;
}

/* The path that a unix socket is bound to, or else its peer; nothing for those without a name in the file system. */
static __always_inline __u32 append_unix_path(struct record *record, __u32 used, struct sock *sock)
{
	struct unix_sock *own = (void *)sock, *peer = (void *)BPF_CORE_READ(own, peer);
	struct unix_address *address = BPF_CORE_READ(own, addr);

	if (!address && peer)
		address = BPF_CORE_READ(peer, addr);
	if (!address)
		return used;
	return append_kernel_string(record, used, 4, (void *)address + bpf_core_field_offset(address->name) + 2);
}

/* Files without a place in the tree (pipes, event descriptors, memory files) have a name at most. */
static __always_inline __u32 append_file_path(struct record *record, __u32 used, struct task_struct *task,
					      struct file *file)
{
	ONE_REGISTER(used);
	struct path path = BPF_CORE_READ(file, f_path), root = BPF_CORE_READ(task, fs, root);
	__u32 next;

	if (BPF_CORE_READ(path.dentry, d_parent) != path.dentry || path.dentry == root.dentry)
		return append_path(record, used, 4, path, root);
	next = append_component(record, used, BPF_CORE_READ(path.dentry, d_name.name));
	/* The root of a mounted file system is named "/", and its path is where it is mounted. */
	if (next == used + 2 && at < DATA_MAX && record->data[at] == '/')
		return append_path(record, used, 4, path, root);
	record->sizes[4] = next - used;
	return next;
}

/* Puts the path into string 4 and a struct descriptor into string 5; nothing where there is no such descriptor. */
__noinline int append_descriptor(struct record *record, __u32 used, __u32 number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct descriptor about = { .number = number };
	struct inode *inode;
	struct file *file;

	if (!record)
		return used;
	file = file_of(task, number);
	if (!file)
		return used;
	inode = BPF_CORE_READ(file, f_inode);
	about.inode = BPF_CORE_READ(inode, i_ino);
	about.mode = BPF_CORE_READ(inode, i_mode);
	about.device = BPF_CORE_READ(inode, i_sb, s_dev);
	about.magic = BPF_CORE_READ(inode, i_sb, s_magic);
	if ((about.mode & TYPE_MASK) == SOCKET_TYPE) {
		struct sock *sock = describe_socket(&about, file);

		if (sock && about.family == AF_UNIX)
			used = append_unix_path(record, used, sock);
	} else {
		used = append_file_path(record, used, task, file);
	}
	return append_kernel_bytes(record, used, 5, &about, sizeof(about));
}

#endif
