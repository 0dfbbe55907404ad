/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"

bool snapshot_is_open(const struct snapshot *snapshot)
{
	return snapshot->source >= 0;
}

void snapshot_begin(struct snapshot *snapshot, const struct hooks *hooks, struct link *link)
{
	__u64 began = monotonic_ns();

	snapshot_abandon(snapshot);
	snapshot->source = hooks_open_snapshot(hooks);
	if (snapshot->source < 0) {
		fprintf(stderr, "kubedrill-sensor: could not list the processes: %s\n", strerror(-snapshot->source));
		snapshot->source = -1;
		return;
	}
	link_frame(link, FRAME_SNAPSHOT_BEGIN, &began, sizeof(began));
}

void snapshot_abandon(struct snapshot *snapshot)
{
	if (snapshot->source >= 0)
		close(snapshot->source);
	snapshot->source = -1;
	snapshot->size = 0;
	snapshot->sent = 0;
}

static size_t size_of_record(const struct record *record)
{
	size_t size = offsetof(struct record, data);

	for (int i = 0; i < STRINGS; i++)
		size += record->sizes[i];
	return size;
}

/* The kernel's part cannot read the memory of other processes; /proc can, and needs no privilege for it. */
static size_t read_arguments(__u32 pid, unsigned char *into)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, into, STRING_MAX);
	close(fd);
	return got < 0 ? 0 : got;
}

static void send_process(struct snapshot *snapshot, struct link *link, size_t size)
{
	static unsigned char arguments[STRING_MAX];
	size_t head = offsetof(struct record, data);
	struct record *record = (struct record *)snapshot->pending;

	record->sizes[0] = read_arguments(record->pid, arguments);
	link_frame_of_three(link, FRAME_PROCESS, record, head, arguments, record->sizes[0], snapshot->pending + head,
			  size - head);
	snapshot->sent++;
}

/* Takes the first whole record out of `pending`; false when there is none yet. */
static bool send_pending(struct snapshot *snapshot, struct link *link)
{
	size_t size;

	if (snapshot->size < offsetof(struct record, data))
		return false;
	size = size_of_record((struct record *)snapshot->pending);
	if (snapshot->size < size)
		return false;
	send_process(snapshot, link, size);
	snapshot->size -= size;
	memmove(snapshot->pending, snapshot->pending + size, snapshot->size);
	return true;
}

void snapshot_continue(struct snapshot *snapshot, struct link *link)
{
	while (snapshot_is_open(snapshot) && link_has_room(link)) {
		ssize_t got;

		if (send_pending(snapshot, link))
			continue;
		got = read(snapshot->source, snapshot->pending + snapshot->size,
			   sizeof(snapshot->pending) - snapshot->size);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got > 0) {
			snapshot->size += got;
			continue;
		}
		if (got < 0)
			fprintf(stderr, "kubedrill-sensor: the list of processes broke off: %s\n", strerror(errno));
		link_frame(link, FRAME_SNAPSHOT_END, &snapshot->sent, sizeof(snapshot->sent));
		snapshot_abandon(snapshot);
	}
}
