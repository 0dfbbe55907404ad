/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUBEDRILL_CLOCK_H
#define KUBEDRILL_CLOCK_H

#include <linux/types.h>
#include <time.h>

static inline __u64 clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (__u64)now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static inline __u64 monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

#endif
