/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <stdio.h>
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
	link->from = link->to = link->request_size = link->answered_size = 0;
}

size_t link_free_bytes(const struct link *link)
{
	return link->client < 0 ? 0 : LINK_BUFFER - (link->to - link->from);
}

bool link_has_room(const struct link *link)
{
	return link_free_bytes(link) >= FRAME_ROOM + HEARTBEAT_ROOM;
}

bool link_has_room_for_heartbeat(const struct link *link)
{
	return link_free_bytes(link) >= HEARTBEAT_ROOM;
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

	if (link_free_bytes(link) < size + sizeof(header) || size + sizeof(header) > FRAME_ROOM)
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

static const char *read_configuration(const unsigned char *payload, size_t size, struct link_request *request)
{
	struct configuration *wanted = &request->configuration;

	if (size < sizeof(*wanted))
		return "a configuration is cut off";
	memcpy(wanted, payload, sizeof(*wanted));
	if (!is_known(&wanted->types) || (wanted->wanted_parts & ~WANT_ALL) != 0 || wanted->zero != 0)
		return "a configuration asks for what this sensor does not know";
	request->has_filter = size > sizeof(*wanted);
	if (!request->has_filter)
		return NULL;
	return open_filter_read(payload + sizeof(*wanted), size - sizeof(*wanted), &request->filter);
}

static const char *read_container(const unsigned char *payload, size_t size, struct link_request *request)
{
	if (size != sizeof(request->container))
		return "a container is called by 32 bytes";
	memcpy(&request->container, payload, size);
	return NULL;
}

static const char *problem_with_header(const struct frame_header *header)
{
	if (header->version != PROTOCOL_VERSION || header->zero != 0)
		return "it is of another version";
	if (header->kind < FRAME_CONFIGURE || header->kind > FRAME_READ_ACCOUNTS)
		return "it is of an unknown kind";
	if (header->size < sizeof(*header) - sizeof(header->size) || header->size > REQUEST_MAX - sizeof(header->size))
		return "it has an impossible size";
	return NULL;
}

enum link_input link_refuse(struct link *link, const char *why)
{
	fprintf(stderr, "kubedrill-sensor: a request was refused: %s\n", why);
	link->rejected++;
	link_hang_up(link);
	return INPUT_REFUSED;
}

static enum link_input parse_request(struct link *link, struct link_request *request)
{
	const unsigned char *payload = link->request + sizeof(struct frame_header);
	struct frame_header header;
	const char *problem;
	size_t size;

	if (link->request_size < sizeof(header))
		return INPUT_NONE;
	memcpy(&header, link->request, sizeof(header));
	problem = problem_with_header(&header);
	if (problem)
		return link_refuse(link, problem);
	size = header.size + sizeof(header.size);
	if (link->request_size < size)
		return INPUT_NONE;
	request->kind = header.kind;
	if (header.kind == FRAME_CONFIGURE)
		problem = read_configuration(payload, size - sizeof(header), request);
	else if (header.kind == FRAME_READ_ACCOUNTS)
		problem = read_container(payload, size - sizeof(header), request);
	else if (size > sizeof(header))
		problem = "a question for the processes says too much";
	if (problem)
		return link_refuse(link, problem);
	link->answered_size = size;
	return INPUT_REQUEST;
}

static void forget_answered(struct link *link)
{
	link->request_size -= link->answered_size;
	memmove(link->request, link->request + link->answered_size, link->request_size);
	link->answered_size = 0;
}

enum link_input link_read(struct link *link, struct link_request *request)
{
	ssize_t got;

	forget_answered(link);
	got = recv(link->client, link->request + link->request_size, REQUEST_MAX - link->request_size, 0);
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		link_hang_up(link);
		return INPUT_CLOSED;
	}
	if (got > 0)
		link->request_size += got;
	return parse_request(link, request);
}
