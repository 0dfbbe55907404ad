/* SPDX-License-Identifier: Apache-2.0 */
/* Loading the kernel's part, and what can be asked of it afterwards. */
#ifndef KUBEDRILL_HOOKS_H
#define KUBEDRILL_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include "open-filter.h"
#include "protocol.h"

struct hooks;

/* NULL, after a line on stderr, when the kernel refuses. */
struct hooks *hooks_attach(__u64 scope_inum);
void hooks_detach(struct hooks *hooks);
void hooks_describe(const struct hooks *hooks, struct hello *hello);
/*
 * What is reported from now on; without a filter all opens are. The former filter is in force until the new one is, so
 * that no open is lost that both want.
 */
void hooks_configure(struct hooks *hooks, const struct configuration *wanted, const struct open_filter_parts *filter);
/* For when nobody knows what is wanted. */
void hooks_report_all_opens(struct hooks *hooks);
/* Fills STAT_DROPPED_RING_FULL, STAT_TRUNCATED, STAT_UNREADABLE, STAT_OPENS_KEPT_BACK, STAT_FILTER_STATES, STAT_EMITTED. */
void hooks_count(const struct hooks *hooks, __u64 values[STAT_COUNT]);
/* File descriptor of the ring buffer that the kernel's part writes records into. */
int hooks_ring(const struct hooks *hooks);
/* A file that reads as the records of the processes in scope, one behind the other; negative errno on failure. */
int hooks_open_snapshot(const struct hooks *hooks);

#endif
