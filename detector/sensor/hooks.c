/* SPDX-License-Identifier: Apache-2.0 */
#include "hooks.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "counters.h"
#include "filter-tables.h"
#include "sensor.skel.h"

#if defined(__x86_64__)
enum { ARCHITECTURE = 1 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = 2 };
#endif

enum hook_mode { SINGLE_CALLS = 1, ALL_CALLS = 2 };

/* The end of one system call, the record type that tells of it, and the program that makes the record. */
struct call_hook {
	const char *tracepoint;
	const char *program;
	enum record_type type;
};

#define PLANNED(type, name, ...) { "sys_exit_" #name, "on_planned", TYPE_##type },

static const struct call_hook CALL_HOOKS[] = {
	{ "sys_exit_open", "on_open", TYPE_OPEN },
	{ "sys_exit_creat", "on_creat", TYPE_CREAT },
	{ "sys_exit_openat", "on_openat", TYPE_OPENAT },
	{ "sys_exit_openat2", "on_openat2", TYPE_OPENAT2 },
	{ "sys_exit_execve", "on_execve", TYPE_EXECVE },
	{ "sys_exit_execveat", "on_execveat", TYPE_EXECVEAT },
	CALLS(PLANNED)
};

enum { CALL_HOOK_COUNT = sizeof(CALL_HOOKS) / sizeof(CALL_HOOKS[0]) };

struct hooks {
	struct sensor_bpf *skeleton;
	enum hook_mode mode;
	__u64 scope_inum;
	struct type_set types;
	/* NULL: nobody wants the call, and it costs nothing. */
	struct bpf_link *links[CALL_HOOK_COUNT];
};

static bool has_type(const struct type_set *set, enum record_type type)
{
	return set->bits[type / 64] >> (type % 64) & 1;
}

static void add_type(struct type_set *set, enum record_type type)
{
	set->bits[type / 64] |= 1ULL << (type % 64);
}

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
	for (int type = 1; type <= LAST_TYPE_ALWAYS; type++)
		add_type(&hooks->types, type);
	for (size_t i = 0; i < CALL_HOOK_COUNT; i++) {
		const struct call_hook *hook = &CALL_HOOKS[i];
		struct bpf_program *program = bpf_object__find_program_by_name(object, hook->program);

		bpf_program__set_autoload(program, hooks->mode == SINGLE_CALLS);
		bpf_program__set_autoattach(program, false);
		if (hooks->mode == ALL_CALLS || has_tracepoint(hook->tracepoint))
			add_type(&hooks->types, hook->type);
	}
	bpf_program__set_autoload(hooks->skeleton->progs.on_any_call, hooks->mode == ALL_CALLS);
}

static void attach_call(struct hooks *hooks, size_t i)
{
	const struct call_hook *hook = &CALL_HOOKS[i];
	struct bpf_program *program = bpf_object__find_program_by_name(hooks->skeleton->obj, hook->program);

	hooks->links[i] = bpf_program__attach_tracepoint(program, "syscalls", hook->tracepoint);
	if (!hooks->links[i])
		fprintf(stderr, "kubedrill-sensor: could not attach to %s: %s\n", hook->tracepoint, strerror(errno));
}

static void detach_call(struct hooks *hooks, size_t i)
{
	bpf_link__destroy(hooks->links[i]);
	hooks->links[i] = NULL;
}

/* Hooks exactly the calls that are wanted; those that stay are not let go of in between. */
static void hook_calls(struct hooks *hooks, const struct type_set *wanted)
{
	for (size_t i = 0; hooks->mode == SINGLE_CALLS && i < CALL_HOOK_COUNT; i++) {
		enum record_type type = CALL_HOOKS[i].type;
		bool is_due = has_type(wanted, type) && has_type(&hooks->types, type);

		if (is_due && !hooks->links[i])
			attach_call(hooks, i);
		else if (!is_due && hooks->links[i])
			detach_call(hooks, i);
	}
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

/* Outside of the watched namespace, its numbers are other processes'. */
static __u32 own_number(__u64 scope_inum)
{
	struct stat own;

	return stat("/proc/self/ns/pid", &own) == 0 && own.st_ino == scope_inum ? (__u32)getpid() : 0;
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
	hooks->skeleton->rodata->own_nr = own_number(scope_inum);
	choose_programs(hooks);
	error = sensor_bpf__load(hooks->skeleton);
	if (error)
		return give_up(hooks, "the kernel refused the programs (CAP_BPF and CAP_PERFMON are needed)", error);
	error = sensor_bpf__attach(hooks->skeleton);
	if (error)
		return give_up(hooks, "the kernel refused to attach the programs", error);
	/* Until an engine says what it wants: all that every engine wants, failed execs among it. */
	hook_calls(hooks, &(struct type_set){ { (2ULL << LAST_TYPE_ALWAYS) - 2 } });
	return hooks;
}

void hooks_detach(struct hooks *hooks)
{
	if (!hooks)
		return;
	for (size_t i = 0; i < CALL_HOOK_COUNT; i++)
		detach_call(hooks, i);
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

void hooks_report_all_opens(struct hooks *hooks)
{
	hooks->skeleton->bss->filter_in_force = 0;
}

/* Returns when every CPU has left the programs that it was in: on tracepoints, these are readers that the kernel waits for. */
static bool wait_for_programs(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0;
}

/*
 * Fills the tables that are not in force, once nobody walks by them any more, and puts them in force at one stroke. Where
 * the kernel cannot say that, no filter is: nothing that is wanted may be lost.
 */
static void filter_opens(struct hooks *hooks, const struct open_filter_parts *filter)
{
	__u32 other = hooks->skeleton->bss->filter_in_force == 1 ? 2 : 1;
	struct filter_tables *tables = &hooks->skeleton->bss->filters[other - 1];

	if (!wait_for_programs()) {
		fprintf(stderr, "kubedrill-sensor: all opens are reported: membarrier: %s\n", strerror(errno));
		hooks_report_all_opens(hooks);
		return;
	}
	tables->head = filter->head;
	memcpy(tables->groups, filter->groups, filter->groups_size);
	memcpy(tables->next, filter->next, filter->next_size);
	__atomic_store_n(&hooks->skeleton->bss->filter_in_force, other, __ATOMIC_RELEASE);
}

void hooks_configure(struct hooks *hooks, const struct configuration *wanted, const struct open_filter_parts *filter)
{
	struct type_set types = wanted->types;

	for (int type = 1; type <= LAST_TYPE_ALWAYS; type++)
		add_type(&types, type);
	if (filter)
		filter_opens(hooks, filter);
	else
		hooks_report_all_opens(hooks);
	hooks->skeleton->data->wanted_types[0] = types.bits[0];
	hooks->skeleton->data->wanted_types[1] = types.bits[1];
	hooks->skeleton->bss->wanted_parts = wanted->wanted_parts;
	hook_calls(hooks, &types);
}

static __u64 filter_states(const struct sensor_bpf__bss *shared)
{
	__u32 in_force = shared->filter_in_force;

	return in_force == 0 ? 0 : shared->filters[in_force - 1].head.states;
}

void hooks_count(const struct hooks *hooks, __u64 values[STAT_COUNT])
{
	const struct sensor_bpf__bss *shared = hooks->skeleton->bss;

	values[STAT_FILTER_STATES] = filter_states(shared);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		const struct counters *of_cpu = &shared->counters[cpu];

		values[STAT_DROPPED_RING_FULL] += of_cpu->ring_full;
		values[STAT_TRUNCATED] += of_cpu->truncated;
		values[STAT_UNREADABLE] += of_cpu->unreadable;
		values[STAT_OPENS_KEPT_BACK] += of_cpu->opens_kept_back;
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
