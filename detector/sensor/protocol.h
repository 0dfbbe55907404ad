/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between kubedrill-sensor and the engine, version 3, over one Unix stream socket. The sensor listens; one
 * engine is served at a time, further connections are closed at once. All integers are little endian, as both
 * architectures are. detector/source/frames.ts is the other half: change them together, and the version with them.
 *
 * Every frame:       u32 size of what follows | u8 version | u8 kind | u16 zero | payload
 *
 * Sensor to engine:
 *   FRAME_HELLO      struct hello, first on every connection
 *   FRAME_SNAPSHOT_BEGIN  u64: CLOCK_MONOTONIC when the look at the existing processes began
 *   FRAME_PROCESS    struct record of type TYPE_EXECVE: a process that was there already, as its last exec left it
 *   FRAME_SNAPSHOT_END    u64: number of FRAME_PROCESS frames since the begin
 *   FRAME_EVENT      struct record
 *   FRAME_STATISTICS u64 values in the order of enum statistic, once a second; also the heartbeat.
 *                    A newer sensor may append values: read the ones you know.
 *   FRAME_ACCOUNTS   struct accounts_part, and behind it a piece of the file; /etc/passwd and then /etc/group, in order
 * Engine to sensor (anything malformed, of a wrong size or with unknown bits is counted and ends the connection):
 *   FRAME_CONFIGURE  struct configuration; behind it, unless all opens are wanted, struct open_filter with its tables
 *   FRAME_SNAPSHOT   no payload: report the existing processes again
 *   FRAME_READ_ACCOUNTS   struct container_id: send the container's accounts; at most 16 may wait for an answer
 *
 * After FRAME_HELLO the sensor sends a snapshot unasked. Hooks are attached before any snapshot is taken, so events
 * that follow it bring it up to date; they may repeat what it said.
 *
 * The strings of a record lie behind each other in `data`, `sizes[n]` bytes each. A path that the kernel walked is a
 * sequence of components, the last component of the path first, each ended by NUL: "bash\0bin\0usr\0" is /usr/bin/bash,
 * no component at all is "/".
 *
 *   type                  numbers                                     strings
 *   execve, execveat      0 exe flags; of the executable: 1 ctime and   0 arguments, each ended by NUL  1 file name as
 *                         2 mtime in ns since 1970, 3 inode,            given  2 path of the executable (walked)
 *                         4 owner | group << 32, 5 i_mode               3 cwd (walked)  4 cgroup (walked)
 *                                                                       5 name of the parent  6 environment, each
 *                                                                       ended by NUL (only if WANT_ENVIRONMENT)
 *     failed (result < 0) -                                             1 file name as given
 *   open, creat, openat,  0 flags, 1 mode, 2 dirfd, 3 device,           0 name as given  1 directory that a relative name
 *   openat2               4 inode, 5 i_mode of the opened file,         starts from (walked)
 *                         with FILE_CREATED
 *   fork, vfork, clone,   0 flags of clone and clone3                   4 cgroup (walked)  5 name of the parent
 *   clone3                (the record describes the new process; result 0)
 *   procexit              0 exit status as wait(2) tells it             -
 *   all others            0 to 5: the call's arguments                  0 first path, or socket address, as given
 *   (call-table.h)                                                      1 where it starts from, if relative (walked)
 *                                                                       2 second path, or data  3 where that starts
 *                                                                       from (walked)  4 of the descriptor: path
 *                                                                       (walked); or the new cwd (walked)
 *                                                                       5 struct descriptor
 */
#ifndef KUBEDRILL_PROTOCOL_H
#define KUBEDRILL_PROTOCOL_H

#include <linux/types.h>
#include "call-table.h"

#define PROTOCOL_VERSION 3

enum frame_kind {
	FRAME_HELLO = 1,
	FRAME_SNAPSHOT_BEGIN = 2,
	FRAME_PROCESS = 3,
	FRAME_SNAPSHOT_END = 4,
	FRAME_EVENT = 5,
	FRAME_STATISTICS = 6,
	FRAME_ACCOUNTS = 7,
	FRAME_CONFIGURE = 64,
	FRAME_SNAPSHOT = 65,
	FRAME_READ_ACCOUNTS = 66,
};

enum record_type {
	TYPE_EXECVE = 1,
	TYPE_EXECVEAT = 2,
	TYPE_FORK = 3,
	TYPE_VFORK = 4,
	TYPE_CLONE = 5,
	TYPE_CLONE3 = 6,
	TYPE_PROCEXIT = 7,
	TYPE_OPEN = 8,
	TYPE_CREAT = 9,
	TYPE_OPENAT = 10,
	TYPE_OPENAT2 = 11,
	/* and those of call-table.h, in its order */
#define CALL_TYPE(type, ...) TYPE_##type,
	CALLS(CALL_TYPE)
#undef CALL_TYPE
	TYPE_COUNT,
};

/* The process tree needs the types up to this one, whatever the rules want. */
enum { LAST_TYPE_ALWAYS = TYPE_PROCEXIT };

/* Bit n: record type n. */
struct type_set {
	__u64 bits[2];
};

/* Bits of record.flags. */
#define RECORD_TRUNCATED 1  /* a string did not fit; what is there is its beginning */
#define RECORD_UNREADABLE 2 /* a string of the process could not be read; it is empty */

/* Bits of numbers[0] of an exec. */
#define EXE_UPPER_LAYER 1
#define EXE_LOWER_LAYER 2
#define EXE_FROM_MEMFD 4

/* In numbers[5] of an open: this call created the file. */
#define FILE_CREATED (1ULL << 32)

/* What is told apart of opens before their path is looked at: a set of these bits is a kind. */
#define KIND_READ 1
#define KIND_WRITE 2
#define KIND_CREATE 4 /* may have created the file */
#define KIND_FAILED 8
#define KIND_DIRECTORY 16
#define KIND_TRUNCATE 32
#define KIND_EXECUTE 64 /* may have created a file that can be executed */

/* Group of paths: all of them, plain or not. */
#define GROUP_ANY_PATH (1ULL << 63)

/* Costly parts of records that come only when they are wanted. */
#define WANT_ENVIRONMENT 1 /* of a process, at its exec */
#define WANT_DATA 2        /* what is sent and received, its beginning */
#define WANT_ALL 3

enum { NUMBERS = 6, STRINGS = 7, PAYLOAD_MAX = 256, COMM_SIZE = 16, DATA_MAX = 8192, STRING_MAX = 4096 };

struct record {
	__u64 time_ns;   /* CLOCK_MONOTONIC */
	__u64 start_ns;  /* when the process began, CLOCK_MONOTONIC: with the pid, its identity */
	__u64 cgroup_id;
	__s64 result;    /* of the system call: a value, or -errno */
	__u64 cap_effective, cap_permitted, cap_inheritable;
	__u64 numbers[NUMBERS];
	__u32 pid;       /* this and the next four as the watched PID namespace numbers them; 0: not in it */
	__u32 tid;
	__u32 ppid;
	__u32 pgid;
	__u32 sid;
	__u32 vpid;      /* as the process's own PID namespace numbers it */
	__u32 vtid;
	__u32 uid;       /* effective, as the kernel's initial user namespace numbers it */
	__u32 gid;
	__u32 loginuid;  /* 4294967295: none */
	__u32 tty;       /* major << 8 | minor; 0: none */
	__u32 vpgid;     /* as the process's own PID namespace numbers it */
	__u32 vsid;
	__u16 type;
	__u16 flags;
	__u16 sizes[STRINGS];
	__u8 comm[COMM_SIZE];
	__u8 zero[2];
	__u8 data[DATA_MAX + STRING_MAX];
};

/* What a call's descriptor leads to, as the kernel has it when the call is over. */
struct descriptor {
	__u64 inode;
	__u32 mode;   /* i_mode: type and permissions */
	__u32 device;
	__u64 magic;  /* of the file system */
	__u16 family, type, protocol, state; /* of a socket */
	__u16 local_port, remote_port;
	__u32 number; /* the descriptor itself */
	__u8 local[16], remote[16];          /* 4 or 16 bytes, network order */
};

struct hello {
	__u32 architecture;    /* 1 x86-64, 2 arm64 */
	__u32 hooks;           /* 1 tracepoints of single system calls, 2 one hook on all */
	__u64 scope_inum;      /* inode number of the watched PID namespace */
	struct type_set types; /* those that can be seen */
};

struct configuration {
	struct type_set types; /* those that are wanted; those up to LAST_TYPE_ALWAYS come anyway */
	__u32 wanted_parts;    /* WANT_* */
	__u32 zero;
};

enum { OPEN_KINDS = 128, FILTER_CELLS = 128 * 1024, FILTER_STATES = 8192 };

/*
 * Which opens are reported. The walk over a path begins in state `start`; each byte, and byte 0 at the end, leads to
 * state next[state * width + columns[byte]], and adds groups[state] of that state to what is found; at each slash, those
 * `in_last_component` are forgotten before that. An open is reported when a group that its kind wants is found, or one
 * that its kind does not want is not found; always when its path is relative or longer than the sensor reads. A kind that
 * wants no group at all is never reported.
 *
 * Behind the structure lie __u64 groups[states] and __u16 next[rows * width]: states that stand behind
 * the end of a path have no row, and come last.
 */
struct open_filter {
	__u64 wanted[OPEN_KINDS], unwanted[OPEN_KINDS];
	__u64 in_last_component;
	__u32 states, rows, start, width;
	__u8 columns[256];
};

enum statistic {
	STAT_MONOTONIC_NS,       /* when this was counted */
	STAT_REALTIME_OFFSET_NS, /* wall clock minus CLOCK_MONOTONIC at that time */
	STAT_STARTED_NS,         /* CLOCK_MONOTONIC when the hooks were attached */
	STAT_RSS_BYTES,
	STAT_DROPPED_RING_FULL,  /* events that found no room between kernel and sensor (also: while no engine reads) */
	STAT_TRUNCATED,          /* records with RECORD_TRUNCATED */
	STAT_UNREADABLE,         /* records with RECORD_UNREADABLE */
	STAT_REQUESTS_REJECTED,
	STAT_CONNECTIONS,
	STAT_OPENS_KEPT_BACK,    /* by the filter */
	STAT_FILTER_STATES,      /* of the filter in force; 0: all opens are reported */
	STAT_EMITTED,            /* first of TYPE_COUNT values: records per type */
	STAT_COUNT = STAT_EMITTED + TYPE_COUNT,
};

/* The 64 hexadecimal digits by which the runtime calls a container, as bytes. */
struct container_id {
	__u8 bytes[32];
};

enum { ACCOUNTS_FILE_MAX = 64 * 1024, ACCOUNTS_PART_MAX = 8192 };
enum accounts_file { ACCOUNTS_PASSWD = 1, ACCOUNTS_GROUP = 2 };

/* Bits of accounts_part.flags. */
#define ACCOUNTS_LAST 1 /* the last piece of this file */
#define ACCOUNTS_CUT 2  /* the file is longer than ACCOUNTS_FILE_MAX; this is its beginning */
#define ACCOUNTS_NONE 4 /* there is no such container, or no such file in it, or no regular one */

struct accounts_part {
	struct container_id container;
	__u32 file; /* enum accounts_file */
	__u32 flags;
};

#endif
