/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Per-CPU memory for what is too large for the stack. Each program has its own
 * slot, since one program may interrupt another but never itself.
 */
#ifndef RECORDER_WORKSPACE_H
#define RECORDER_WORKSPACE_H

#include "maps.bpf.h"

enum workspace_slot {
	WORKSPACE_CGROUP_ATTACH,
	WORKSPACE_EXEC,
	WORKSPACE_FORK,
	WORKSPACE_SCAN,
	WORKSPACE_SLOTS,
};

#define PATH_MAX_BYTES 1024 /* of exe, cwd and cgroup; the tail is kept */
#define NAME_MAX_BYTES 256
#define ARGV_MAX_BYTES 4096
#define STRINGS_MAX    8192  /* more than all strings together */
#define STRINGS_SIZE   16384 /* a power of two, with room for one more behind that */

/* The container that a task's cgroup names. */
struct found_container {
	u64 key;       /* 0: none */
	u64 node;      /* the task's own kernfs_node */
	u64 cgroup_id; /* of the container's cgroup, or else of the task's */
	u32 version;
	u32 reserved;
	char name[72];
};

/* A START record; an EXEC record is its tail from process on, with the event put before that. */
struct record {
	struct recorder_event event;
	struct recorder_start start;
	u8 strings[STRINGS_SIZE];
};

struct workspace {
	u64 task; /* the task_struct that it is about */
	u64 slot; /* enum workspace_slot */
	struct found_container found;
	u64 pipe_keys[RECORDER_STREAMS]; /* of descriptors 0 to 2, where they are pipes */
	u64 tty_key;
	struct recorder_session session;
	struct recorder_container container;
	char name[NAME_MAX_BYTES];
	char path[PATH_MAX_BYTES + NAME_MAX_BYTES]; /* written from PATH_MAX_BYTES down */
	u32 path_start;				    /* where it begins */
	u32 strings_used;
	struct record record;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WORKSPACE_SLOTS);
	__type(key, u32);
	__type(value, struct workspace);
} workspaces SEC(".maps") __weak;

static __always_inline struct workspace *get_workspace(enum workspace_slot slot)
{
	u32 key = slot;
	struct workspace *ws = bpf_map_lookup_elem(&workspaces, &key);

	if (ws)
		ws->slot = slot;
	return ws;
}

/* The same as map memory: older verifiers (6.1) take a map's new value from nothing else. */
static __always_inline struct workspace *as_map_value(struct workspace *ws)
{
	return get_workspace(ws->slot);
}

/*
 * Functions that are verified by themselves (not static) take the task from
 * here, as a number: they read by probe, and serve tasks of any origin. They
 * check ws, since to the verifier their arguments may be NULL.
 */
static __always_inline void set_task(struct workspace *ws, struct task_struct *task)
{
	ws->task = (u64)task;
}

static __always_inline struct task_struct *subject(struct workspace *ws)
{
	return (struct task_struct *)ws->task;
}

#endif
