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

/* 1 or 0 without a branch. */
static __always_inline __u64 is_slash(__u8 byte)
{
	__u64 difference = byte ^ '/';

	barrier_var(difference);
	return (difference - 1) >> 63;
}

/*
 * Whether the path of `size` bytes, its NUL among them, at the beginning of the record's data is one that is wanted. The
 * verifier follows every way through every round of the loop: so this is a function of its own, and the loop has no
 * branch but its end.
 */
__noinline int is_path_wanted(struct record *record, __u64 in_force, __u64 kind, __s64 size)
{
	struct filter_tables *filter = filter_of(in_force);
	struct open_filter *head = &filter->head;
	__u32 state = head->start, width = head->width;
	__u64 last = head->in_last_component, found = 0;

	if (!record || size <= 1 || size > FILTERED_PATH_MAX || record->data[0] != '/')
		return true;
	for (__u32 at = 0; at < FILTERED_PATH_MAX; at++) {
		__u8 byte = record->data[at];

		state = filter->next[(state * width + head->columns[byte]) & (FILTER_CELLS - 1)];
		found &= ~(last & -is_slash(byte));
		found |= filter->groups[state & (FILTER_STATES - 1)];
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
