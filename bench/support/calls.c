/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What system calls cost a program, for bench/sensor.ts: nanoseconds of getppid, open and close, spawn and wait. Of many
 * short series the fastest counts, so that what else the machine does stays out of it.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SERIES = 30, GETPPIDS = 10000, OPENS = 2000, SPAWNS = 10 };

static double now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static void ask_parent(void)
{
	syscall(SYS_getppid);
}

static void open_and_close(void)
{
	close(open("/usr/lib/os-release", O_RDONLY));
}

static void spawn_and_wait(void)
{
	char *arguments[] = { "true", NULL };
	pid_t child;

	if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, NULL) == 0)
		waitpid(child, NULL, 0);
}

static double cost_ns(int count, void (*call)(void))
{
	double best = 0;

	for (int series = 0; series < SERIES; series++) {
		double start = now_ns(), cost;

		for (int n = 0; n < count; n++)
			call();
		cost = (now_ns() - start) / count;
		if (series == 0 || cost < best)
			best = cost;
	}
	return best;
}

int main(void)
{
	printf("[%f, %f, %f]\n", cost_ns(GETPPIDS, ask_parent), cost_ns(OPENS, open_and_close),
	       cost_ns(SPAWNS, spawn_and_wait));
	return 0;
}
