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

/* Written only while it is off and nobody walks it any more: see hooks_configure. */
volatile __u32 is_filter_on;
struct open_filter open_filter;
__u64 filter_groups[FILTER_ACCEPTING];
__u16 filter_next[FILTER_CELLS];

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

/*
 * Whether the path of `size` bytes, its NUL among them, at the beginning of the record's data is one that is wanted. A
 * function of its own, as the verifier looks at every round of the loop, and would at all that follows it.
 */
__noinline int is_path_wanted(struct record *record, __u64 kind, __s64 size)
{
	__u64 wanted, unwanted, found = 0;
	__u32 state = open_filter.start;

	if (!record || size <= 1 || size > FILTERED_PATH_MAX || record->data[0] != '/')
		return true;
	wanted = open_filter.wanted[kind & (OPEN_KINDS - 1)];
	unwanted = open_filter.unwanted[kind & (OPEN_KINDS - 1)];
	for (__u32 at = 0; at < FILTERED_PATH_MAX; at++) {
		__u8 byte = record->data[at];

		if (byte == '/')
			found &= ~open_filter.in_last_component;
		state = filter_next[(state * open_filter.width + open_filter.columns[byte]) & (FILTER_CELLS - 1)];
		if (state >= open_filter.accepting_from)
			found |= filter_groups[(state - open_filter.accepting_from) & (FILTER_ACCEPTING - 1)];
		if (byte == 0)
			return (found & wanted) != 0 || (~found & unwanted) != 0;
	}
	return true;
}

static __always_inline bool is_kept_back(struct record *record, __u64 kind, __s64 size)
{
	__u64 wanted;

	if (!is_filter_on)
		return false;
	wanted = open_filter.wanted[kind & (OPEN_KINDS - 1)];
	if (wanted & GROUP_ANY_PATH || (wanted && is_path_wanted(record, kind, size)))
		return false;
	my_counters()->opens_kept_back++;
	return true;
}

#endif
