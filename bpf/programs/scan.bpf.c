// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What already runs when the programs are loaded.
 *
 * Hook: an iterator over all tasks, read to its end once for each value of
 * scan_pass: 0 learns each container's oldest process, which is its first (once
 * before the other programs are attached, and again after); 1 finds the entries
 * and the terminals' leaders; 2 lets their descendants inherit. 5.15; optional:
 * without it sessions that run already are missed.
 * Emits: CONTAINER, START, with RECORDER_LATE.
 */
#include "entries.bpf.h"
#include <bpf/bpf_tracing.h>

#define ANCESTORS 32

enum {
	SCAN_CONTAINERS,
	SCAN_ENTRIES,
	SCAN_DESCENDANTS,
};

/*
 * Number 1 of a pid namespace, in mounts of its own and in another cgroup than
 * its parent: the first process of a container that has the runtime's name. A
 * sandbox shares its cgroup with who made it.
 */
static __always_inline u64 scan_named(struct workspace *ws, struct task_struct *task)
{
	u64 node;

	if (!pid_level(task) || ns_pid(task) != 1 || in_host_mounts(task) ||
	    entered_container(ws, false))
		return 0;
	container_of_parent(ws);
	node = ws->found.node;
	find_container(ws);
	return ws->found.node != node && learn_name(ws) ? ws->found.key : 0;
}

static __always_inline void scan_container(struct workspace *ws, struct task_struct *task)
{
	u64 key = find_container(ws) ?: scan_named(ws, task);
	struct recorder_container *known;

	if (!key || in_host_mounts(task))
		return;
	known = bpf_map_lookup_elem(&containers, &key);
	if (!known || task_start(task) < known->init_start_time)
		learn_container(ws, key);
}

static __always_inline void scan_entry(struct workspace *ws, struct task_struct *task)
{
	struct entry entry = {.flags = RECORDER_LATE};
	u64 key = container_of_parent(ws);
	enum verdict verdict;

	if (find_container(ws) && ws->found.key == key)
		return; /* a descendant */
	verdict = judge(ws, NULL, &entry);
	if (verdict == VERDICT_INIT)
		begin_container(ws, task, &entry);
	else if (verdict == VERDICT_ENTRY)
		begin_entry(ws, task, &entry);
}

/* As the nearest ancestor that is something to us, unless the cgroup says otherwise. */
static __always_inline void scan_descendant(struct workspace *ws, struct task_struct *task)
{
	u64 key = find_container(ws);
	struct task_struct *ancestor = task->real_parent;
	struct recorder_session *session;
	struct member *from = NULL;
	struct member member;

	for (u32 i = 0; i < ANCESTORS && ancestor && !from; i++) {
		from = find_member(ancestor);
		ancestor = ancestor->real_parent;
	}
	if (!from || (from->flags & MEMBER_MOVED) || (key && from->container != key))
		return;
	member = *from;
	member.flags = 0;
	set_member(task, &member);
	session = member.session ? find_session(member.session) : NULL;
	if (session)
		__sync_fetch_and_add(&session->live, 1);
}

static __always_inline void scan_task(struct workspace *ws, struct task_struct *task)
{
	if (task->group_leader != task || !task->mm || task->tgid == recorder_self)
		return;
	set_task(ws, task);
	if (scan_pass == SCAN_CONTAINERS) {
		scan_container(ws, task);
		return;
	}
	if (find_member(task))
		return;
	if (scan_pass == SCAN_ENTRIES)
		scan_entry(ws, task);
	else
		scan_descendant(ws, task);
}

SEC("iter/task")
int scan_tasks(struct bpf_iter__task *context)
{
	struct workspace *ws = get_workspace(WORKSPACE_SCAN);
	struct task_struct *task = context->task;

	if (ws && task)
		scan_task(ws, task);
	return 0;
}
