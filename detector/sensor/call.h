/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Calls that are reported by their plan in call-table.h. */
#ifndef KUBEDRILL_CALL_H
#define KUBEDRILL_CALL_H

struct plan {
	__u8 path1, base1, path2, base2, descriptor, address, size, flags;
};

#define PLAN(type, name, x86, arm64, ...) [TYPE_##type] = { __VA_ARGS__ },
static const struct plan PLANS[TYPE_COUNT] = { CALLS(PLAN) };
#undef PLAN

#pragma clang diagnostic push
/* All calls that the architecture does not have share one entry, which is never asked for. */
#pragma clang diagnostic ignored "-Winitializer-overrides"
#define NUMBER(type, name, x86, arm64, ...) [CALL_NUMBER(x86, arm64)] = TYPE_##type,
static const __u8 TYPES_OF_CALLS[CALL_NUMBERS] = { CALLS(NUMBER) };
#undef NUMBER
#pragma clang diagnostic pop

/* 0 for calls without a plan. */
static __always_inline __u64 type_of_call(long number)
{
	return (unsigned long)number < NOT_THERE ? TYPES_OF_CALLS[number] : 0;
}

enum { AT_FDCWD = -100, NO_ADDRESS_SIZE = 0, ADDRESS_MAX = 128 };

static __always_inline unsigned long argument(struct pt_regs *regs, __u8 number)
{
	switch (number) {
	case 1:
		return CALL_ARGUMENT_1(regs);
	case 2:
		return CALL_ARGUMENT_2(regs);
	case 3:
		return CALL_ARGUMENT_3(regs);
	case 4:
		return CALL_ARGUMENT_4(regs);
	case 5:
		return CALL_ARGUMENT_5(regs);
	case 6:
		return CALL_ARGUMENT_6(regs);
	}
	return 0;
}

static __always_inline void append_arguments(struct record *record, struct pt_regs *regs)
{
	record->numbers[0] = CALL_ARGUMENT_1(regs);
	record->numbers[1] = CALL_ARGUMENT_2(regs);
	record->numbers[2] = CALL_ARGUMENT_3(regs);
	record->numbers[3] = CALL_ARGUMENT_4(regs);
	record->numbers[4] = CALL_ARGUMENT_5(regs);
	record->numbers[5] = CALL_ARGUMENT_6(regs);
}

/* The directory that a relative name starts from: the cwd, or an open directory. */
static __always_inline __u32 append_base(struct record *record, __u32 used, int slot, struct task_struct *task,
					 int dirfd)
{
	struct path root;
	struct file *directory;

	if (dirfd == AT_FDCWD)
		return append_cwd(record, used, slot, task);
	directory = file_of(task, dirfd);
	if (!directory)
		return used;
	root = BPF_CORE_READ(task, fs, root);
	return append_path(record, used, slot, BPF_CORE_READ(directory, f_path), root);
}

static __always_inline bool is_absolute(const struct record *record, __u32 from, __u16 size)
{
	ONE_REGISTER(from);
	return size > 0 && at < DATA_MAX && record->data[at] == '/';
}

/* A path as given into string 0, and into 1 where it starts from. */
__noinline int append_first_path(struct record *record, __u32 used, unsigned long name, int dirfd)
{
	__u32 at = used;

	if (!record)
		return used;
	used = append_user_string(record, used, 0, (const void *)name);
	if (is_absolute(record, at, record->sizes[0]))
		return used;
	return append_base(record, used, 1, bpf_get_current_task_btf(), dirfd);
}

/* The second one into strings 2 and 3. */
__noinline int append_second_path(struct record *record, __u32 used, unsigned long name, int dirfd)
{
	__u32 at = used;

	if (!record)
		return used;
	used = append_user_string(record, used, 2, (const void *)name);
	if (is_absolute(record, at, record->sizes[2]))
		return used;
	return append_base(record, used, 3, bpf_get_current_task_btf(), dirfd);
}

static __always_inline __u32 append_address(struct record *record, __u32 used, unsigned long address, unsigned long size)
{
	if (!address || !size)
		return used;
	return append_user_bytes(record, used, 0, (const void *)address, size > ADDRESS_MAX ? ADDRESS_MAX : size);
}

static __always_inline __u32 append_data(struct record *record, __u32 used, unsigned long data, long size)
{
	if (!(wanted_parts & WANT_DATA) || !data || size <= 0)
		return used;
	return append_user_bytes(record, used, 2, (const void *)data, size > PAYLOAD_MAX ? PAYLOAD_MAX : size);
}

/* What user programs pass to sendmsg and recvmsg. */
struct user_message {
	__u64 name;
	__u32 name_size, hole;
	__u64 vectors;
};

struct user_vector {
	__u64 base, size;
};

static __always_inline __u32 append_message(struct record *record, __u32 used, unsigned long at, long result)
{
	struct user_message message = {};
	struct user_vector vector = {};

	if (bpf_probe_read_user(&message, sizeof(message), (const void *)at) != 0)
		return used;
	used = append_address(record, used, message.name, message.name_size);
	bpf_probe_read_user(&vector, sizeof(vector), (const void *)(unsigned long)message.vectors);
	return append_data(record, used, vector.base, (long)vector.size < result ? (long)vector.size : result);
}

static __always_inline unsigned long size_of_address(struct pt_regs *regs, const struct plan *plan)
{
	unsigned long given = argument(regs, plan->size);
	__u32 size = 0;

	if (!(plan->flags & CALL_SIZE_AT))
		return given;
	bpf_probe_read_user(&size, sizeof(size), (const void *)given);
	return size;
}

static __always_inline __u32 append_planned(struct record *record, struct pt_regs *regs, const struct plan *plan,
					    long result)
{
	__u32 used = 0;

	if (plan->flags & CALL_TEXT)
		used = append_user_string(record, used, 0, (const void *)argument(regs, plan->path1));
	else if (plan->path1)
		used = append_first_path(record, used, argument(regs, plan->path1),
					 plan->base1 ? (int)argument(regs, plan->base1) : AT_FDCWD);
	if (plan->address)
		used = append_address(record, used, argument(regs, plan->address), size_of_address(regs, plan));
	if (plan->path2)
		used = append_second_path(record, used, argument(regs, plan->path2),
					  plan->base2 ? (int)argument(regs, plan->base2) : AT_FDCWD);
	if (plan->flags & CALL_MESSAGE)
		used = append_message(record, used, CALL_ARGUMENT_2(regs), result);
	if (plan->flags & CALL_DATA)
		used = append_data(record, used, CALL_ARGUMENT_2(regs), result);
	if (plan->flags & CALL_CWD)
		used = append_cwd(record, used, 4, bpf_get_current_task_btf());
	if (plan->descriptor)
		used = append_descriptor(record, used, argument(regs, plan->descriptor));
	else if (plan->flags & CALL_RESULT && result >= 0)
		used = append_descriptor(record, used, result);
	return used;
}

/* A type of 64 bits is tested in the register that is used; of a narrower one, the compiler would test a copy. */
__noinline int report_call(__u64 type, __s64 result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs;
	struct record *record;

	if (type >= TYPE_COUNT || !is_wanted(type) || !in_scope(task))
		return 0;
	/* Each event is sent to the engine by such a call: reporting that one would make another, without end. */
	if (type == TYPE_SENDTO && is_sensor(task))
		return 0;
	record = scratch_record();
	if (!record)
		return 0;
	regs = registers(task);
	fill_header(record, as_integer(task), type, result);
	append_arguments(record, regs);
	send_record(record, append_planned(record, regs, &PLANS[type], result));
	return 0;
}

#endif
