/* SPDX-License-Identifier: Apache-2.0 */
/* A filter of opens as the kernel's part walks it, in memory that the sensor fills. */
#ifndef KUBEDRILL_FILTER_TABLES_H
#define KUBEDRILL_FILTER_TABLES_H

#include "protocol.h"

struct filter_tables {
	struct open_filter head;
	__u64 groups[FILTER_STATES];
	__u16 next[FILTER_CELLS];
};

#endif
