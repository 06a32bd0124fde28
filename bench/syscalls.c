/*
 * syscalls COUNT: nanoseconds per call of a process that nobody records, one figure a line:
 * getppid, write of 1 byte to /dev/null, read of 1 byte from /dev/zero, write + read of 1 byte through a pipe.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int null, zero, ends[2];
static char byte;

static void call_getppid(void) { syscall(SYS_getppid); }
static void call_write(void) { syscall(SYS_write, null, &byte, 1); }
static void call_read(void) { syscall(SYS_read, zero, &byte, 1); }
static void call_pipe(void)
{
	syscall(SYS_write, ends[1], &byte, 1);
	syscall(SYS_read, ends[0], &byte, 1);
}

static void measure(const char *name, void (*call)(void), long count)
{
	double started = now();

	for (long i = 0; i < count; i++)
		call();
	printf("%s %.2f\n", name, (now() - started) / count);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 200000;

	null = open("/dev/null", O_WRONLY);
	zero = open("/dev/zero", O_RDONLY);
	if (null < 0 || zero < 0 || pipe(ends))
		return 1;
	measure("getppid", call_getppid, count);
	measure("write", call_write, count);
	measure("read", call_read, count);
	measure("pipe", call_pipe, count / 2);
	return 0;
}
