/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Building a record in memory of the CPU's own, piece by piece, and sending it. Only hooks that run with preemption off
 * may use it; they cannot disturb each other.
 */
#ifndef KUBEDRILL_RECORD_H
#define KUBEDRILL_RECORD_H

enum { COMPONENT_MAX = 256, WAKE_EACH_BYTES = 256 * 1024 };

struct counters counters[MAX_CPUS];

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} scratch SEC(".maps");

static __always_inline struct record *scratch_record(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratch, &zero);
}

static __always_inline struct counters *my_counters(void)
{
	return &counters[bpf_get_smp_processor_id() & (MAX_CPUS - 1)];
}

static __always_inline void count_record(const struct record *record)
{
	struct counters *mine = my_counters();

	if (record->flags & RECORD_TRUNCATED)
		mine->truncated++;
	if (record->flags & RECORD_UNREADABLE)
		mine->unreadable++;
}

/* The barrier keeps the compiler from testing a copy, which would not tell the verifier about the original. */
static __always_inline __u64 record_size(__u32 used)
{
	__u64 size = offsetof(struct record, data) + (__u64)used;

	barrier_var(size);
	return size;
}

/*
 * Waking the sensor costs more than a record. It looks by itself a hundred times a second, and is woken only when the
 * ring fills faster than that: each time when so many more bytes lie in it.
 */
static __always_inline __u64 wakeup(__u64 size)
{
	__u64 before = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);

	return (before ^ (before + size)) & WAKE_EACH_BYTES ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline void send_record(struct record *record, __u32 used)
{
	__u64 size = record_size(used);
	struct counters *mine = my_counters();
	__u16 type = record->type;

	if (size > sizeof(*record))
		return;
	count_record(record);
	if (bpf_ringbuf_output(&events, record, size, wakeup(size)) != 0)
		mine->ring_full++;
	else if (type < TYPE_COUNT)
		mine->emitted[type]++;
}

/*
 * The append functions put string `slot` at offset `used` and answer the new offset. They test and use one register:
 * of an offset that a function answered, the compiler would test a copy.
 */
#define ONE_REGISTER(offset)                                                                                           \
	__u64 at = offset;                                                                                              \
	barrier_var(at)

/* Takes over what was read to offset `used`; `size` is what bpf_probe_read_user_str answered. */
static __always_inline __u32 take_user_string(struct record *record, __u32 used, int slot, long size)
{
	if (size <= 0 || size > STRING_MAX) {
		record->flags |= RECORD_UNREADABLE;
		return used;
	}
	if (size == STRING_MAX)
		record->flags |= RECORD_TRUNCATED;
	record->sizes[slot] = size - 1;
	return used + size - 1;
}

static __always_inline __u32 append_user_string(struct record *record, __u32 used, int slot, const void *from)
{
	ONE_REGISTER(used);

	/* A null pointer is how programs leave a text out, e.g. the source of a mount. */
	if (!from)
		return used;
	if (at >= DATA_MAX) {
		record->flags |= RECORD_TRUNCATED;
		return used;
	}
	return take_user_string(record, used, slot, bpf_probe_read_user_str(&record->data[at], STRING_MAX, from));
}

static __always_inline __u32 append_kernel_string(struct record *record, __u32 used, int slot, const void *from)
{
	ONE_REGISTER(used);
	long size;

	if (at >= DATA_MAX) {
		record->flags |= RECORD_TRUNCATED;
		return used;
	}
	size = bpf_probe_read_kernel_str(&record->data[at], STRING_MAX, from);
	if (size <= 0 || size > STRING_MAX)
		return used;
	record->sizes[slot] = size - 1;
	return used + size - 1;
}

static __always_inline __u32 append_user_bytes(struct record *record, __u32 used, int slot, const void *from,
					       unsigned long size)
{
	ONE_REGISTER(used);
	__u32 bounded = size > STRING_MAX ? STRING_MAX : size;

	if (at >= DATA_MAX || size > STRING_MAX)
		record->flags |= RECORD_TRUNCATED;
	if (at >= DATA_MAX || bounded == 0)
		return used;
	if (bpf_probe_read_user(&record->data[at], bounded, from) != 0) {
		record->flags |= RECORD_UNREADABLE;
		return used;
	}
	record->sizes[slot] = bounded;
	return used + bounded;
}

static __always_inline __u32 append_kernel_bytes(struct record *record, __u32 used, int slot, const void *from,
						 __u32 constant_size)
{
	ONE_REGISTER(used);
	if (at >= DATA_MAX || bpf_probe_read_kernel(&record->data[at], constant_size, from) != 0)
		return used;
	record->sizes[slot] = constant_size;
	return used + constant_size;
}

/* One component of a walked path, with the NUL that ends it. Answers the same offset when there was no room. */
static __always_inline __u32 append_component(struct record *record, __u32 used, const void *name)
{
	ONE_REGISTER(used);
	long size;

	if (at >= DATA_MAX)
		return used;
	size = bpf_probe_read_kernel_str(&record->data[at], COMPONENT_MAX, name);
	return size <= 0 || size > COMPONENT_MAX ? used : used + size;
}

#endif
