/* SPDX-License-Identifier: Apache-2.0 */
/* The filter of opens as the engine sends it. */
#ifndef KUBEDRILL_OPEN_FILTER_H
#define KUBEDRILL_OPEN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include "protocol.h"

enum {
	FILTER_BYTES_MAX = sizeof(struct open_filter) + FILTER_STATES * sizeof(__u64) + FILTER_CELLS * sizeof(__u16),
};

/* Where the parts of a valid filter lie; `groups` and `next` may be unaligned. */
struct open_filter_parts {
	struct open_filter head;
	const void *groups, *next;
	size_t groups_size, next_size;
};

/* NULL, or what is wrong with it. Every figure is looked at: the kernel's part walks by them. */
const char *open_filter_read(const void *bytes, size_t size, struct open_filter_parts *parts);

#endif
