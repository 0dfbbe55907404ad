/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Two whole files, and what is put around their pieces. */
enum { ANSWER_ROOM = 2 * ACCOUNTS_FILE_MAX + 8 * 1024 };

static const char *const FILES[] = { [ACCOUNTS_PASSWD] = "etc/passwd", [ACCOUNTS_GROUP] = "etc/group" };

void accounts_open(struct accounts *accounts, const char *folder)
{
	accounts->tasks = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (folder && accounts->tasks < 0)
		fprintf(stderr, "kubedrill-sensor: accounts of containers are not known: %s: %s\n", folder, strerror(errno));
}

bool accounts_want(struct accounts *accounts, const struct container_id *container)
{
	if (accounts->count == ACCOUNTS_QUEUE)
		return false;
	accounts->queue[(accounts->first + accounts->count++) % ACCOUNTS_QUEUE] = *container;
	return true;
}

void accounts_abandon(struct accounts *accounts)
{
	accounts->count = 0;
}

/* The id came as bytes, not as text: the path can be nothing but this. */
static int open_root(const struct accounts *accounts, const struct container_id *container)
{
	char path[2 * sizeof(container->bytes) + sizeof("/rootfs")];

	for (size_t i = 0; i < sizeof(container->bytes); i++)
		sprintf(path + 2 * i, "%02x", container->bytes[i]);
	strcat(path, "/rootfs");
	return openat(accounts->tasks, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Only looks at first: opening a pipe or a device for reading may wait, or do something. */
static int find_below(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};

	return syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static int open_regular(int found)
{
	char path[32];
	struct stat facts;

	if (fstat(found, &facts) != 0 || !S_ISREG(facts.st_mode))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* One byte more than is sent tells whether there was more. Answers -1 when there is no such file. */
static ssize_t read_file(int root, const char *path, unsigned char into[ACCOUNTS_FILE_MAX + 1])
{
	int found = root < 0 ? -1 : find_below(root, path);
	int file = found < 0 ? -1 : open_regular(found);
	ssize_t size = file < 0 ? -1 : 0;

	while (file >= 0 && size <= ACCOUNTS_FILE_MAX) {
		ssize_t got = read(file, into + size, ACCOUNTS_FILE_MAX + 1 - size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size += got;
	}
	if (file >= 0)
		close(file);
	if (found >= 0)
		close(found);
	return size;
}

/* A file in pieces that fit into frames; at least one. */
static void send_file(struct link *link, const struct container_id *container, enum accounts_file which, int root)
{
	static unsigned char content[ACCOUNTS_FILE_MAX + 1];
	ssize_t size = read_file(root, FILES[which], content);
	struct accounts_part part = { .container = *container, .file = which };
	ssize_t sent = 0;

	if (size < 0)
		part.flags |= ACCOUNTS_NONE;
	if (size > ACCOUNTS_FILE_MAX) {
		part.flags |= ACCOUNTS_CUT;
		size = ACCOUNTS_FILE_MAX;
	}
	do {
		ssize_t rest = size < 0 ? 0 : size - sent, now = rest > ACCOUNTS_PART_MAX ? ACCOUNTS_PART_MAX : rest;

		if (now == rest)
			part.flags |= ACCOUNTS_LAST;
		link_frame_of_three(link, FRAME_ACCOUNTS, &part, sizeof(part), content + sent, now, NULL, 0);
		sent += now;
	} while (!(part.flags & ACCOUNTS_LAST));
}

void accounts_continue(struct accounts *accounts, struct link *link)
{
	_Static_assert((size_t)ANSWER_ROOM + HEARTBEAT_ROOM < (size_t)LINK_BUFFER, "an answer fits into the buffer");
	_Static_assert(sizeof(struct accounts_part) + ACCOUNTS_PART_MAX + 64 < (size_t)FRAME_ROOM, "a part fits into a frame");
	while (accounts->count > 0 && link_free_bytes(link) >= ANSWER_ROOM) {
		const struct container_id *container = &accounts->queue[accounts->first];
		int root = accounts->tasks < 0 ? -1 : open_root(accounts, container);

		send_file(link, container, ACCOUNTS_PASSWD, root);
		send_file(link, container, ACCOUNTS_GROUP, root);
		if (root >= 0)
			close(root);
		accounts->first = (accounts->first + 1) % ACCOUNTS_QUEUE;
		accounts->count--;
	}
}
