/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Opens that no rule can match make no record; see struct open_filter. */
#ifndef KUBEDRILL_OPEN_KEPT_BACK_H
#define KUBEDRILL_OPEN_KEPT_BACK_H

enum { FILTERED_PATH_MAX = 256 };

enum {
	O_ACCMODE = 3,
	O_RDONLY = 0,
	O_WRONLY = 1,
	O_CREAT = 0100,
	O_TRUNC = 01000,
	O_TMPFILE_BIT = 020000000,
#if defined(__TARGET_ARCH_arm64)
	O_DIRECTORY = 040000,
#else
	O_DIRECTORY = 0200000,
#endif
	ANY_EXECUTE = 0111,
};

/*
 * The one in force, counted from 1; 0: none is, and all opens are reported. A program asks once and walks by that one to
 * its end, while the sensor fills the other: see hooks_configure.
 */
volatile __u32 filter_in_force;
struct filter_tables filters[2];

/* The same questions as the fields of rules ask, see detector/enrich/fields/call.ts. */
static __always_inline __u64 kind_of_open(__u64 flags, __u64 mode, __s64 result)
{
	bool may_create = flags & (O_CREAT | O_TMPFILE_BIT);
	__u64 kind = 0;

	if ((flags & O_ACCMODE) != O_WRONLY)
		kind |= KIND_READ;
	if ((flags & O_ACCMODE) != O_RDONLY)
		kind |= KIND_WRITE;
	if (may_create)
		kind |= KIND_CREATE;
	if (may_create && mode & ANY_EXECUTE)
		kind |= KIND_EXECUTE;
	if (flags & O_TRUNC)
		kind |= KIND_TRUNCATE;
	if (flags & O_DIRECTORY && !(flags & O_TMPFILE_BIT))
		kind |= KIND_DIRECTORY;
	return result < 0 ? kind | KIND_FAILED : kind;
}

static __always_inline struct filter_tables *filter_of(__u64 in_force)
{
	return &filters[(in_force - 1) & 1];
}

/*
 * Whether the path of `size` bytes, its NUL among them, at the beginning of the record's data is one that is wanted. A
 * function of its own, as the verifier looks at every round of the loop, and would at all that follows it.
 */
__noinline int is_path_wanted(struct record *record, __u64 in_force, __u64 kind, __s64 size)
{
	struct filter_tables *filter = filter_of(in_force);
	struct open_filter *head = &filter->head;
	__u32 state = head->start, width = head->width, accepting_from = head->accepting_from;
	__u64 found = 0;

	if (!record || size <= 1 || size > FILTERED_PATH_MAX || record->data[0] != '/')
		return true;
	for (__u32 at = 0; at < FILTERED_PATH_MAX; at++) {
		__u8 byte = record->data[at];

		if (byte == '/')
			found &= ~head->in_last_component;
		state = filter->next[(state * width + head->columns[byte]) & (FILTER_CELLS - 1)];
		if (state >= accepting_from)
			found |= filter->groups[(state - accepting_from) & (FILTER_ACCEPTING - 1)];
		if (byte == 0)
			return (found & head->wanted[kind & (OPEN_KINDS - 1)]) != 0 ||
			       (~found & head->unwanted[kind & (OPEN_KINDS - 1)]) != 0;
	}
	return true;
}

static __always_inline bool is_kept_back(struct record *record, __u64 kind, __s64 size)
{
	__u64 in_force = filter_in_force;
	__u64 wanted;

	if (!in_force)
		return false;
	wanted = filter_of(in_force)->head.wanted[kind & (OPEN_KINDS - 1)];
	if (wanted & GROUP_ANY_PATH || (wanted && is_path_wanted(record, in_force, kind, size)))
		return false;
	my_counters()->opens_kept_back++;
	return true;
}

#endif
