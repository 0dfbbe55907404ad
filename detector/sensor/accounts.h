/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accounts of containers: reads /etc/passwd and /etc/group of a container for the engine, which may not.
 *
 * Whatever is in a container's files is the container's: a path in it never leads out of its root file system (openat2),
 * only regular files are opened, and of these a bounded part is read. The root file systems are found below the folder
 * in which containerd keeps its tasks, FOLDER/<container id>/rootfs. They belong to root, so that no capability is
 * needed to read them, as /proc/PID/root would ask for (CAP_SYS_PTRACE); and volumes of the container, whose file systems
 * might let a reader wait for ever, are not mounted there.
 */
#ifndef KUBEDRILL_ACCOUNTS_H
#define KUBEDRILL_ACCOUNTS_H

#include <stdbool.h>
#include "link.h"

enum { ACCOUNTS_QUEUE = 16 };

struct accounts {
	int tasks; /* the folder; -1: none, and nothing is known of any container */
	unsigned int first, count;
	struct container_id queue[ACCOUNTS_QUEUE];
};

/* `folder` may be NULL, and it need not be there. */
void accounts_open(struct accounts *accounts, const char *folder);
/* Remembers to answer; false when so many wait that the one who asks cannot be an engine of ours. */
bool accounts_want(struct accounts *accounts, const struct container_id *container);
/* Answers what there is room for. */
void accounts_continue(struct accounts *accounts, struct link *link);
void accounts_abandon(struct accounts *accounts);

#endif
