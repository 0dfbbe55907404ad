/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel's part counts and the sensor reads, in memory that both see. */
#ifndef KUBEDRILL_COUNTERS_H
#define KUBEDRILL_COUNTERS_H

#include "protocol.h"

enum { MAX_CPUS = 512 };

/* Of one CPU, so that counting costs no locked instruction. */
struct counters {
	__u64 ring_full, truncated, unreadable, opens_kept_back;
	__u64 emitted[TYPE_COUNT];
};

#endif
