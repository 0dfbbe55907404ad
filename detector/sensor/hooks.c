/* SPDX-License-Identifier: Apache-2.0 */
#include "hooks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "counters.h"
#include "sensor.skel.h"

#if defined(__x86_64__)
enum { ARCHITECTURE = 1 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = 2 };
#endif

enum hook_mode { SINGLE_CALLS = 1, ALL_CALLS = 2 };

struct hooks {
	struct sensor_bpf *skeleton;
	enum hook_mode mode;
	__u64 scope_inum;
	__u64 types;
};

/* One program per system call, and the record type that it reports. */
struct call_hook {
	const char *program;
	const char *tracepoint;
	__u64 types;
};

#define BIT(type) (1ULL << (type))

static const struct call_hook CALL_HOOKS[] = {
	{ "on_open", "sys_exit_open", BIT(TYPE_OPEN) },
	{ "on_creat", "sys_exit_creat", BIT(TYPE_CREAT) },
	{ "on_openat", "sys_exit_openat", BIT(TYPE_OPENAT) },
	{ "on_openat2", "sys_exit_openat2", BIT(TYPE_OPENAT2) },
	{ "on_connect", "sys_exit_connect", BIT(TYPE_CONNECT) },
	{ "on_execve", "sys_exit_execve", 0 },
	{ "on_execveat", "sys_exit_execveat", 0 },
};

enum { CALL_HOOK_COUNT = sizeof(CALL_HOOKS) / sizeof(CALL_HOOKS[0]) };

static bool has_tracepoint(const char *name)
{
	static const char *const FOLDERS[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char path[160];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/events/syscalls/%s/id", FOLDERS[i], name);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/*
 * Single calls' tracepoints leave calls of no interest almost alone, but are found through tracefs only. A call that an
 * architecture does not have (open on arm64) has no tracepoint either.
 */
static void choose_programs(struct hooks *hooks)
{
	struct bpf_object *object = hooks->skeleton->obj;

	hooks->mode = has_tracepoint("sys_exit_openat") ? SINGLE_CALLS : ALL_CALLS;
	hooks->types = TYPES_ALWAYS;
	for (size_t i = 0; i < CALL_HOOK_COUNT; i++) {
		const struct call_hook *hook = &CALL_HOOKS[i];
		bool single = hooks->mode == SINGLE_CALLS && has_tracepoint(hook->tracepoint);

		bpf_program__set_autoload(bpf_object__find_program_by_name(object, hook->program), single);
		if (single || hooks->mode == ALL_CALLS)
			hooks->types |= hook->types;
	}
	bpf_program__set_autoload(hooks->skeleton->progs.on_any_call, hooks->mode == ALL_CALLS);
}

static int print_problem(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

static struct hooks *give_up(struct hooks *hooks, const char *what, int error)
{
	fprintf(stderr, "kubedrill-sensor: %s: %s\n", what, strerror(error < 0 ? -error : error));
	hooks_detach(hooks);
	return NULL;
}

struct hooks *hooks_attach(__u64 scope_inum)
{
	struct hooks *hooks = calloc(1, sizeof(*hooks));
	int error;

	if (!hooks)
		return NULL;
	libbpf_set_print(print_problem);
	/* Kernels since 5.11 count memory of programs by cgroup; raising the limit would need CAP_SYS_RESOURCE. */
	libbpf_set_memlock_rlim(0);
	hooks->scope_inum = scope_inum;
	hooks->skeleton = sensor_bpf__open();
	if (!hooks->skeleton)
		return give_up(hooks, "could not read the kernel's type information", errno);
	hooks->skeleton->rodata->scope_inum = scope_inum;
	choose_programs(hooks);
	error = sensor_bpf__load(hooks->skeleton);
	if (error)
		return give_up(hooks, "the kernel refused the programs (CAP_BPF and CAP_PERFMON are needed)", error);
	error = sensor_bpf__attach(hooks->skeleton);
	if (error)
		return give_up(hooks, "the kernel refused to attach the programs", error);
	return hooks;
}

void hooks_detach(struct hooks *hooks)
{
	if (!hooks)
		return;
	sensor_bpf__destroy(hooks->skeleton);
	free(hooks);
}

void hooks_describe(const struct hooks *hooks, struct hello *hello)
{
	*hello = (struct hello){
		.architecture = ARCHITECTURE,
		.hooks = hooks->mode,
		.scope_inum = hooks->scope_inum,
		.types = hooks->types,
	};
}

void hooks_configure(struct hooks *hooks, const struct configuration *wanted)
{
	hooks->skeleton->data->wanted_types = wanted->types | TYPES_ALWAYS;
	hooks->skeleton->data->open_classes = wanted->open_classes;
}

void hooks_count(const struct hooks *hooks, __u64 values[STAT_COUNT])
{
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		const struct counters *of_cpu = &hooks->skeleton->bss->counters[cpu];

		values[STAT_DROPPED_RING_FULL] += of_cpu->ring_full;
		values[STAT_TRUNCATED] += of_cpu->truncated;
		values[STAT_UNREADABLE] += of_cpu->unreadable;
		for (int type = 0; type < TYPE_COUNT; type++)
			values[STAT_EMITTED + type] += of_cpu->emitted[type];
	}
}

int hooks_ring(const struct hooks *hooks)
{
	return bpf_map__fd(hooks->skeleton->maps.events);
}

int hooks_open_snapshot(const struct hooks *hooks)
{
	int fd = bpf_iter_create(bpf_link__fd(hooks->skeleton->links.on_existing));

	return fd < 0 ? -errno : fd;
}
