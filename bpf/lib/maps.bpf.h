/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Maps, settings and state of all programs. Maps are weak: the linker keeps one
 * definition of each. The agent pins every map, and a restarted agent finds the
 * programs still running on them.
 */
#ifndef RECORDER_MAPS_H
#define RECORDER_MAPS_H

#include "kernel.h"
#include "recorder_events.h"
#include <bpf/bpf_helpers.h>

/* programs/object.bpf.c defines what all programs share; the others declare it. */
#ifdef RECORDER_OBJECT
#define SETTING(type, name, value) const volatile type name = value
#define STATE(type, name)	   type name
#else
#define SETTING(type, name, value) extern const volatile type name
#define STATE(type, name)	   extern type name
#endif

/* Settings, fixed at load. */
SETTING(bool, record_terminals, false); /* sessions of any pty's session leader */
SETTING(bool, mask_echo_off, true);	/* no bytes of cooked input without echo */
SETTING(bool, lazy_capture, false);	/* send PENDING: stream programs come later */
SETTING(bool, force_cgroup_v1, false);	/* tests: ignore the unified hierarchy */
SETTING(u64, wake_bytes, 0);		/* wake the reader at this fill; 0: always */
SETTING(u32, host_pid_ns, 0);		/* inode number */
SETTING(u32, host_mnt_ns, 0);		/* inode number */

/* State. User space sets recorder_self and scan_pass and reads the others. */
STATE(u32, recorder_self);   /* thread group that is never recorded */
STATE(u32, scan_pass);	     /* see scan_tasks */
STATE(u64, next_session);    /* number of the last session */
STATE(s64, live_streams);    /* entries of "streams" */
STATE(s64, pending_entries); /* entries of "pending" */

/* One load says "certainly not ours" for a pipe or pty; counts keys by a hash of them. */
#define FILTER_SLOTS 4096
STATE(u32, stream_filter[FILTER_SLOTS]);

enum member_flags {
	MEMBER_INIT = 1,  /* the container's first process */
	MEMBER_MOVED = 2, /* moved into an unknown cgroup, has not exec'ed since */
};

/* What is known of a task; inherited by fork. */
struct member {
	u64 session;   /* 0: none */
	u64 container; /* the cgroup it is counted to; 0: none */
	u64 entered;   /* the container whose namespaces it entered; 0: none */
	u32 flags;     /* enum member_flags */
	u32 reserved;
};

/* A terminal's modes when a write to it began. */
struct input_begun {
	u64 key;
	u32 modes;
	u32 reserved;
};

struct connecting {
	u64 session;
	u64 start_time;
	u32 pid;
	u32 tid;
	int result;
	u16 announced; /* user space has seen the socket: the result must follow */
	u16 done;      /* the result came before the system call returned */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} events SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RECORDER_COUNTERS);
	__type(key, u32);
	__type(value, u64);
} counters SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, struct recorder_session);
} sessions SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct recorder_stream_owner);
} streams SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct recorder_container);
} containers SEC(".maps") __weak;

/* Mount and pid namespaces of containers, by inode number (one number space for all kinds). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, u32);
	__type(value, u64);
} namespaces SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct member);
} members SEC(".maps") __weak;

/* Thread group in a container's cgroup, not yet the container's program: its session. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, u64);
} pending SEC(".maps") __weak;

/* Thread that began a write to a terminal which was raw, or did not echo. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, struct input_begun);
} inputs SEC(".maps") __weak;

/* Sockets of sessions on their way to a connection, by address. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct connecting);
} connects SEC(".maps") __weak;

#endif
