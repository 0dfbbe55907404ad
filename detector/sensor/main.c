/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kubedrill-sensor: tells one reader, the engine, what the processes of this node do. It does only what needs
 * privilege; rules, names of pods and alerts are the engine's business. See protocol.h.
 *
 *   kubedrill-sensor --socket PATH [--scope FILE] [--tasks FOLDER]
 *
 * --scope names the PID namespace to watch, e.g. /proc/1/ns/pid. Default: the sensor's own, which is the node's in a
 * pod with hostPID. --tasks names the folder in which containerd keeps its tasks; without it, no container's accounts
 * are known (accounts.h).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <linux/capability.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "accounts.h"
#include "clock.h"
#include "hooks.h"
#include "link.h"
#include "snapshot.h"

struct sensor {
	struct hooks *hooks;
	struct ring_buffer *ring;
	struct link link;
	struct snapshot snapshot;
	struct accounts accounts;
	bool snapshot_wanted;
	__u64 started_ns;
	int poll, heartbeat, look, signals;
};

static int fail(const char *what)
{
	fprintf(stderr, "kubedrill-sensor: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static int usage(void)
{
	fprintf(stderr, "usage: kubedrill-sensor --socket PATH [--scope PID_NAMESPACE_FILE] [--tasks FOLDER]\n");
	return 2;
}

/*
 * Listing processes again needs CAP_BPF on older kernels; hooking other calls when the rules change needs CAP_PERFMON
 * (perf_event_open) beside it. The rest is not needed once the programs are loaded.
 */
static void drop_capabilities(void)
{
	static const int KEPT[] = { CAP_BPF, CAP_PERFMON };
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3], kept[_LINUX_CAPABILITY_U32S_3] = {};

	if (syscall(SYS_capget, &header, held) != 0)
		return;
	for (size_t i = 0; i < sizeof(KEPT) / sizeof(KEPT[0]); i++) {
		__u32 word = CAP_TO_INDEX(KEPT[i]), bit = held[word].permitted & CAP_TO_MASK(KEPT[i]);

		kept[word].permitted |= bit;
		kept[word].effective |= bit;
	}
	if (syscall(SYS_capset, &header, kept) != 0)
		fprintf(stderr, "kubedrill-sensor: could not drop capabilities: %s\n", strerror(errno));
}

static int on_record(void *context, void *data, size_t size)
{
	struct sensor *sensor = context;

	link_frame(&sensor->link, FRAME_EVENT, data, size);
	/* A negative answer ends this round; the record just handled counts as consumed. */
	return link_has_room(&sensor->link) ? 0 : -ENOBUFS;
}

static void watch(struct sensor *sensor, int fd, __u32 what)
{
	struct epoll_event event = { .events = what, .data.fd = fd };

	if (epoll_ctl(sensor->poll, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT)
		epoll_ctl(sensor->poll, EPOLL_CTL_ADD, fd, &event);
}

/* Other things come first: processes, which events need, and accounts, for which there has to be much room at once. */
static bool takes_events(const struct sensor *sensor)
{
	return link_has_room(&sensor->link) && !snapshot_is_open(&sensor->snapshot) && sensor->accounts.count == 0;
}

/* Moves what can be moved towards the engine. What cannot waits in the kernel's ring, and is counted when that is full. */
static void pump(struct sensor *sensor)
{
	struct link *link = &sensor->link;

	if (sensor->snapshot_wanted && link_has_room(link)) {
		sensor->snapshot_wanted = false;
		snapshot_begin(&sensor->snapshot, sensor->hooks, link);
	}
	snapshot_continue(&sensor->snapshot, link);
	accounts_continue(&sensor->accounts, link);
	if (takes_events(sensor))
		ring_buffer__consume(sensor->ring);
	link_flush(link);
	if (link->client < 0) {
		snapshot_abandon(&sensor->snapshot);
		accounts_abandon(&sensor->accounts);
	} else {
		watch(sensor, link->client, link_is_behind(link) ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
	/* The ring stays readable while nobody takes from it: look at it only when there is room. */
	watch(sensor, ring_buffer__epoll_fd(sensor->ring), takes_events(sensor) ? EPOLLIN : 0);
}

static void greet(struct sensor *sensor)
{
	struct hello hello;

	hooks_describe(sensor->hooks, &hello);
	link_frame(&sensor->link, FRAME_HELLO, &hello, sizeof(hello));
	sensor->snapshot_wanted = true;
}

static __u64 rss_bytes(void)
{
	unsigned long total = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return 0;
	if (fscanf(file, "%lu %lu", &total, &resident) != 2)
		resident = 0;
	fclose(file);
	return resident * sysconf(_SC_PAGESIZE);
}

static void send_statistics(struct sensor *sensor)
{
	__u64 values[STAT_COUNT] = {};

	if (!link_has_room_for_heartbeat(&sensor->link))
		return;
	values[STAT_MONOTONIC_NS] = monotonic_ns();
	values[STAT_REALTIME_OFFSET_NS] = clock_ns(CLOCK_REALTIME) - values[STAT_MONOTONIC_NS];
	values[STAT_STARTED_NS] = sensor->started_ns;
	values[STAT_RSS_BYTES] = rss_bytes();
	values[STAT_REQUESTS_REJECTED] = sensor->link.rejected;
	values[STAT_CONNECTIONS] = sensor->link.connections;
	hooks_count(sensor->hooks, values);
	link_frame(&sensor->link, FRAME_STATISTICS, values, sizeof(values));
}

/* False when no engine of ours would ask this. */
static bool answer(struct sensor *sensor, const struct link_request *request)
{
	switch (request->kind) {
	case FRAME_CONFIGURE:
		hooks_configure(sensor->hooks, &request->configuration, request->has_filter ? &request->filter : NULL);
		return true;
	case FRAME_READ_ACCOUNTS:
		return accounts_want(&sensor->accounts, &request->container);
	default:
		sensor->snapshot_wanted = true;
		return true;
	}
}

static void answer_requests(struct sensor *sensor)
{
	struct link_request request;

	while (sensor->link.client >= 0) {
		enum link_input input = link_read(&sensor->link, &request);

		if (input == INPUT_REQUEST && !answer(sensor, &request))
			input = link_refuse(&sensor->link, "too many containers are asked for at once");
		if (input == INPUT_REFUSED)
			hooks_report_all_opens(sensor->hooks);
		if (input != INPUT_REQUEST)
			return;
	}
}

static bool is_due(int timer)
{
	__u64 ticks;

	return read(timer, &ticks, sizeof(ticks)) > 0;
}

/* False when it is time to go. */
static bool handle(struct sensor *sensor, int fd, __u32 what)
{
	if (fd == sensor->signals)
		return false;
	if (fd == sensor->heartbeat) {
		if (is_due(fd))
			send_statistics(sensor);
	} else if (fd == sensor->look) {
		is_due(fd); /* pump does the looking, after every event */
	} else if (fd == sensor->link.listener) {
		if (link_accept(&sensor->link))
			greet(sensor);
	} else if (fd == sensor->link.client && what & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		answer_requests(sensor);
	}
	return true;
}

static int run(struct sensor *sensor)
{
	struct epoll_event events[8];

	for (;;) {
		int count;

		pump(sensor);
		count = epoll_wait(sensor->poll, events, 8, -1);
		if (count < 0 && errno != EINTR)
			return fail("epoll_wait");
		for (int i = 0; i < count; i++)
			if (!handle(sensor, events[i].data.fd, events[i].events))
				return EXIT_SUCCESS;
	}
}

static int open_timer(struct timespec interval)
{
	struct itimerspec spec = { .it_interval = interval, .it_value = interval };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0)
		timerfd_settime(fd, 0, &spec, NULL);
	return fd;
}

static int open_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool prepare(struct sensor *sensor)
{
	sensor->snapshot.source = -1;
	sensor->poll = epoll_create1(EPOLL_CLOEXEC);
	sensor->heartbeat = open_timer((struct timespec){ .tv_sec = 1 });
	/* Records do not wake the sensor (see record.h): so long may they lie in the ring. */
	sensor->look = open_timer((struct timespec){ .tv_nsec = 10000000 });
	sensor->signals = open_signals();
	sensor->ring = ring_buffer__new(hooks_ring(sensor->hooks), on_record, sensor, NULL);
	if (sensor->poll < 0 || sensor->heartbeat < 0 || sensor->look < 0 || sensor->signals < 0 || !sensor->ring)
		return false;
	watch(sensor, sensor->heartbeat, EPOLLIN);
	watch(sensor, sensor->look, EPOLLIN);
	watch(sensor, sensor->signals, EPOLLIN);
	watch(sensor, sensor->link.listener, EPOLLIN);
	return true;
}

int main(int argc, char **argv)
{
	static const struct option OPTIONS[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "scope", required_argument, NULL, 'p' },
		{ "tasks", required_argument, NULL, 't' },
		{},
	};
	static struct sensor sensor;
	const char *socket_path = NULL, *scope_path = "/proc/self/ns/pid", *tasks_path = NULL;
	struct stat scope;
	int option, code;

	while ((option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1) {
		if (option == 's')
			socket_path = optarg;
		else if (option == 'p')
			scope_path = optarg;
		else if (option == 't')
			tasks_path = optarg;
		else
			return usage();
	}
	if (!socket_path || optind != argc)
		return usage();
	if (stat(scope_path, &scope) != 0)
		return fail(scope_path);
	if (!link_listen(&sensor.link, socket_path))
		return fail(socket_path);
	sensor.hooks = hooks_attach(scope.st_ino);
	if (!sensor.hooks)
		return EXIT_FAILURE;
	sensor.started_ns = monotonic_ns();
	accounts_open(&sensor.accounts, tasks_path);
	/* Loading reads all of the kernel's type information; that memory is not needed again. */
	malloc_trim(0);
	drop_capabilities();
	if (!prepare(&sensor))
		return fail("could not start");
	code = run(&sensor);
	unlink(socket_path);
	hooks_detach(sensor.hooks);
	return code;
}
