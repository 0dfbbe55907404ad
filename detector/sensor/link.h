/* SPDX-License-Identifier: Apache-2.0 */
/* The connection to the engine: a listening Unix socket, one client, and a bounded buffer of frames on their way out. */
#ifndef KUBEDRILL_LINK_H
#define KUBEDRILL_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include "open-filter.h"
#include "protocol.h"

/* Room for the largest frame must be free before one is begun; what is kept back on top is for the heartbeat. */
enum { FRAME_ROOM = sizeof(struct record) + 64, HEARTBEAT_ROOM = 8 * STAT_COUNT + 64, LINK_BUFFER = 256 * 1024 };
enum { REQUEST_MAX = 64 + sizeof(struct configuration) + FILTER_BYTES_MAX };

struct link {
	int listener;
	int client; /* -1: nobody */
	size_t from, to; /* the part of `buffer` that is still to be written */
	unsigned char buffer[LINK_BUFFER];
	/* What came of requests, and how much of it the last request was that link_read answered. */
	size_t request_size, answered_size;
	unsigned char request[REQUEST_MAX];
	__u64 rejected, connections;
};

struct link_request {
	enum frame_kind kind;
	struct configuration configuration;
	bool has_filter;
	struct open_filter_parts filter; /* refers to the link's own memory, until the next link_read */
	struct container_id container;
};

enum link_input { INPUT_NONE, INPUT_REQUEST, INPUT_REFUSED, INPUT_CLOSED };

/* Listens at `path`, replacing what a former sensor left there; false with errno set on failure. */
bool link_listen(struct link *link, const char *path);
/* Takes a new connection, or closes it at once when somebody is served already. True: a new client is there. */
bool link_accept(struct link *link);
void link_hang_up(struct link *link);
/* What the buffer takes; nothing while nobody is connected. */
size_t link_free_bytes(const struct link *link);
bool link_has_room(const struct link *link);
bool link_has_room_for_heartbeat(const struct link *link);
/* Begins, continues and ends a frame in the buffer; the caller has asked link_has_room before. */
void link_frame(struct link *link, enum frame_kind kind, const void *payload, size_t size);
void link_frame_of_three(struct link *link, enum frame_kind kind, const void *first, size_t first_size,
		       const void *second, size_t second_size, const void *third, size_t third_size);
/* Writes what the socket takes; hangs up when the engine has gone. */
void link_flush(struct link *link);
bool link_is_behind(const struct link *link);
/* Counts a request as refused, says why, and hangs up. */
enum link_input link_refuse(struct link *link, const char *why);
/* Reads what came, up to one request. Anything that is not one is refused, with a line on stderr, and ends the connection. */
enum link_input link_read(struct link *link, struct link_request *request);

#endif
