/* SPDX-License-Identifier: Apache-2.0 */
/* The processes that exist already, read from the kernel bit by bit as the engine takes them. */
#ifndef KUBEDRILL_SNAPSHOT_H
#define KUBEDRILL_SNAPSHOT_H

#include <stdbool.h>
#include "hooks.h"
#include "link.h"

struct snapshot {
	int source; /* -1: none is being taken */
	__u64 sent;
	size_t size;
	unsigned char pending[2 * sizeof(struct record)];
};

void snapshot_begin(struct snapshot *snapshot, const struct hooks *hooks, struct link *link);
bool snapshot_is_open(const struct snapshot *snapshot);
/* Sends as many processes as there is room for, and the end when it is reached. */
void snapshot_continue(struct snapshot *snapshot, struct link *link);
void snapshot_abandon(struct snapshot *snapshot);

#endif
