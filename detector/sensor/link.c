/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct frame_header {
	__u32 size;
	__u8 version;
	__u8 kind;
	__u16 zero;
};

bool link_listen(struct link *link, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	link->client = -1;
	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(address.sun_path, path);
	unlink(path);
	/* The folder's group is the engine's; nobody else in the pod may connect. */
	umask(0117);
	link->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return link->listener >= 0 && bind(link->listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(link->listener, 4) == 0;
}

bool link_accept(struct link *link)
{
	int fd = accept4(link->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	if (link->client >= 0) {
		close(fd);
		return false;
	}
	link->client = fd;
	link->connections++;
	return true;
}

void link_hang_up(struct link *link)
{
	if (link->client >= 0)
		close(link->client);
	link->client = -1;
	link->from = link->to = link->request_size = 0;
}

static size_t free_bytes(const struct link *link)
{
	return link->client < 0 ? 0 : LINK_BUFFER - (link->to - link->from);
}

bool link_has_room(const struct link *link)
{
	return free_bytes(link) >= FRAME_ROOM + HEARTBEAT_ROOM;
}

bool link_has_room_for_heartbeat(const struct link *link)
{
	return free_bytes(link) >= HEARTBEAT_ROOM;
}

static void append(struct link *link, const void *bytes, size_t size)
{
	memcpy(link->buffer + link->to, bytes, size);
	link->to += size;
}

void link_frame(struct link *link, enum frame_kind kind, const void *payload, size_t size)
{
	link_frame_of_three(link, kind, payload, size, NULL, 0, NULL, 0);
}

void link_frame_of_three(struct link *link, enum frame_kind kind, const void *first, size_t first_size,
		       const void *second, size_t second_size, const void *third, size_t third_size)
{
	size_t size = first_size + second_size + third_size;
	struct frame_header header = { .size = size + sizeof(header) - sizeof(header.size),
				       .version = PROTOCOL_VERSION,
				       .kind = kind };

	if (free_bytes(link) < size + sizeof(header) || size + sizeof(header) > FRAME_ROOM)
		return;
	if (LINK_BUFFER - link->to < size + sizeof(header)) {
		memmove(link->buffer, link->buffer + link->from, link->to - link->from);
		link->to -= link->from;
		link->from = 0;
	}
	append(link, &header, sizeof(header));
	append(link, first, first_size);
	if (second_size > 0)
		append(link, second, second_size);
	if (third_size > 0)
		append(link, third, third_size);
}

void link_flush(struct link *link)
{
	while (link->client >= 0 && link->from < link->to) {
		ssize_t written =
			send(link->client, link->buffer + link->from, link->to - link->from, MSG_NOSIGNAL);

		if (written < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (written < 0) {
			link_hang_up(link);
			return;
		}
		link->from += written;
	}
	link->from = link->to = 0;
}

bool link_is_behind(const struct link *link)
{
	return link->from < link->to;
}

static bool is_known(const struct type_set *types)
{
	__u64 beyond = ~0ULL << (TYPE_COUNT % 64);

	_Static_assert(TYPE_COUNT > 64 && TYPE_COUNT < 128, "two words hold the types, and neither all of one");
	return (types->bits[0] & 1) == 0 && (types->bits[1] & beyond) == 0;
}

static bool is_configuration(const struct configuration *wanted)
{
	return is_known(&wanted->types) && (wanted->open_classes & ~OPEN_ALL) == 0 &&
	       (wanted->wanted_parts & ~WANT_ALL) == 0;
}

/* Whether the bytes received are one whole valid request (1), may become one (0), or never will (-1). */
static int parse_request(const struct link *link, struct link_request *request, size_t *used)
{
	struct frame_header header;
	size_t payload;

	if (link->request_size < sizeof(header))
		return 0;
	memcpy(&header, link->request, sizeof(header));
	if (header.version != PROTOCOL_VERSION || header.zero != 0)
		return -1;
	if (header.kind == FRAME_CONFIGURE)
		payload = sizeof(request->configuration);
	else if (header.kind == FRAME_SNAPSHOT)
		payload = 0;
	else
		return -1;
	if (header.size != sizeof(header) - sizeof(header.size) + payload)
		return -1;
	*used = sizeof(header) + payload;
	if (link->request_size < *used)
		return 0;
	request->kind = header.kind;
	memcpy(&request->configuration, link->request + sizeof(header), payload);
	return header.kind == FRAME_SNAPSHOT || is_configuration(&request->configuration) ? 1 : -1;
}

static enum link_input reject(struct link *link)
{
	link->rejected++;
	link_hang_up(link);
	return INPUT_CLOSED;
}

enum link_input link_read(struct link *link, struct link_request *request)
{
	size_t used = 0;
	ssize_t got;
	int parsed;

	got = recv(link->client, link->request + link->request_size, REQUEST_MAX - link->request_size, 0);
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		link_hang_up(link);
		return INPUT_CLOSED;
	}
	if (got > 0)
		link->request_size += got;
	parsed = parse_request(link, request, &used);
	if (parsed < 0)
		return reject(link);
	if (parsed == 0)
		return INPUT_NONE;
	link->request_size -= used;
	memmove(link->request, link->request + used, link->request_size);
	return INPUT_REQUEST;
}
