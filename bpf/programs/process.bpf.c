// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Processes: where sessions begin, and what runs in them.
 *
 * Hooks: cgroup_attach_task (the earliest sure sign of an entry: before the pty
 * and before the exec), sched_process_exec, sched_process_fork (clone3 with
 * CLONE_INTO_CGROUP enters without an attach), sched_process_exit. They are
 * always attached. 5.15; they are required.
 * Emits: PENDING, START, DROP, CONTAINER, FORK, EXEC, EXIT, STREAM_END.
 */
#include "entries.bpf.h"
#include <bpf/bpf_tracing.h>

/* A member that moves inside its container is no entry; ids differ between hierarchies, names do
 * not. */
static __always_inline bool same_container(struct workspace *ws, u64 key)
{
	struct recorder_container *known = bpf_map_lookup_elem(&containers, &key);

	if (!known)
		return key && key == ws->found.key;
	for (u32 i = 0; i < sizeof(known->name) / sizeof(u64); i++)
		if (((u64 *)known->name)[i] != ((u64 *)ws->found.name)[i])
			return false;
	return true;
}

/* Into a cgroup that tells nothing: remembered until the task executes a program. */
static __always_inline void mark_moved(struct task_struct *task, struct member *member)
{
	struct member moved = {.flags = MEMBER_MOVED};

	if (!member)
		set_member(task, &moved);
	else if (!member->container)
		member->flags |= MEMBER_MOVED;
}

static __always_inline void task_moved(struct workspace *ws, struct task_struct *task,
				       struct cgroup *cgroup)
{
	struct member *member = find_member(task);

	set_task(ws, task);
	if (!find_target(ws, cgroup)) {
		mark_moved(task, member);
		return;
	}
	if (member && member->container && same_container(ws, member->container))
		return;
	begin_pending(ws, member ? member->session : 0);
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	struct workspace *ws = get_workspace(WORKSPACE_CGROUP_ATTACH);

	if (ws && task->tgid != recorder_self)
		task_moved(ws, task, cgroup);
	return 0;
}

/* The mark is for the program that the moved task executes first. */
static __always_inline void clear_moved(struct task_struct *task, struct member *member)
{
	if (!member || !(member->flags & MEMBER_MOVED))
		return;
	if (member->session || member->container)
		member->flags &= ~MEMBER_MOVED;
	else
		bpf_task_storage_delete(&members, task);
}

static __always_inline void inherit_older(struct workspace *ws, struct task_struct *task)
{
	struct task_struct *parent = task->real_parent;
	struct member *from = parent ? find_member(parent) : NULL;
	struct member member = {.container = ws->found.key, .entered = ws->found.key};

	if (from && from->container == ws->found.key)
		member = *from;
	member.flags = 0;
	set_member(task, &member);
}

/* Without a pending entry, a parent in the same container says that the scan has missed both. */
static __always_inline bool is_older(struct workspace *ws, struct task_struct *task,
				     struct member *member)
{
	u64 key = ws->found.key;
	bool same;

	if (!key || member || pending_session(task->tgid))
		return false;
	same = container_of_parent(ws) == key;
	find_container(ws);
	return same && bpf_map_lookup_elem(&containers, &key);
}

static __always_inline void task_execed(struct workspace *ws, struct task_struct *task)
{
	struct member *member = find_member(task);
	struct entry entry = {};

	set_task(ws, task);
	find_container(ws);
	if (is_older(ws, task, member)) {
		inherit_older(ws, task);
		return;
	}
	entry.pending = pending_session(task->tgid);
	switch (judge(ws, member, &entry)) {
	case VERDICT_RUNTIME: /* of a session, if that is where it was started */
		if (entry.parent)
			emit_exec(ws, entry.parent);
		return;
	case VERDICT_INIT:
		begin_container(ws, task, &entry);
		break;
	case VERDICT_ENTRY:
		begin_entry(ws, task, &entry);
		break;
	case VERDICT_DESCENDANT:
		clear_moved(task, member);
		emit_exec(ws, entry.parent);
		break;
	default:
		clear_moved(task, member);
	}
	if (entry.pending)
		leave_pending(task->tgid, entry.pending);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	struct workspace *ws = get_workspace(WORKSPACE_EXEC);

	if (ws && task->tgid != recorder_self)
		task_execed(ws, task);
	return 0;
}

static __always_inline void emit_fork(struct task_struct *parent, struct task_struct *child,
				      u64 number)
{
	struct recorder_session *session = find_session(number);
	struct recorder_event *event;
	struct recorder_fork *to;
	u32 live;

	if (!session)
		return;
	live = __sync_fetch_and_add(&session->live, 1) + 1;
	event = reserve_event(session, number, RECORDER_FORK, sizeof(*to));
	if (!event)
		return;
	to = (void *)(event + 1);
	to->start_time = BPF_CORE_READ(child, start_boottime);
	to->parent_start_time = task_start(parent);
	to->pid = child->tgid;
	to->ppid = parent->tgid;
	to->ns_pid = ns_pid(child);
	to->live = live;
	submit_event(event, wake_flags());
}

/* A thread gets its own copy: whichever thread executes a program becomes the process. */
static __always_inline void inherit(struct task_struct *parent, struct task_struct *child,
				    const struct member *from)
{
	bool process = parent->tgid != child->tgid;
	struct member member = *from;

	if (process)
		member.flags &= ~MEMBER_INIT;
	set_member(child, &member);
	if (process && member.session)
		emit_fork(parent, child, member.session);
}

static __always_inline void inherit_pending(struct task_struct *child, u64 number)
{
	struct recorder_session *session = find_session(number);

	if (session && add_pending(child->tgid, number))
		__sync_fetch_and_add(&session->pending, 1);
}

/* Born in another cgroup than its parent's. */
static __always_inline void born_elsewhere(struct task_struct *child)
{
	struct workspace *ws = get_workspace(WORKSPACE_FORK);
	struct member *member = find_member(child);

	if (!ws)
		return;
	set_task(ws, child);
	if (!find_container(ws)) {
		mark_moved(child, member);
		return;
	}
	if (member && member->container && same_container(ws, member->container))
		return;
	begin_pending(ws, member ? member->session : 0);
}

static __always_inline void task_forked(struct task_struct *parent, struct task_struct *child)
{
	struct member *member = find_member(parent);
	u64 number;

	if (member)
		inherit(parent, child, member);
	if (parent->tgid == child->tgid)
		return;
	number = pending_session(parent->tgid);
	if (number)
		inherit_pending(child, number);
	else if (parent->cgroups != child->cgroups)
		born_elsewhere(child);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if (parent->tgid != recorder_self)
		task_forked(parent, child);
	return 0;
}

static __always_inline void emit_exit(struct task_struct *task, struct recorder_session *session,
				      u64 number, u32 live)
{
	struct recorder_event *event;
	struct recorder_exit *to;
	u32 status = task->exit_code;

	if (task->signal->flags & SIGNAL_GROUP_EXIT)
		status = task->signal->group_exit_code;
	event = reserve_event(session, number, RECORDER_EXIT, sizeof(*to));
	if (!event)
		return;
	event->value = status;
	to = (void *)(event + 1);
	to->start_time = task_start(task);
	to->live = live;
	to->reserved = 0;
	submit_event(event, live ? wake_flags() : BPF_RB_FORCE_WAKEUP);
}

static __always_inline void leave_session(struct task_struct *task, u64 number)
{
	struct recorder_session *session = find_session(number);
	u32 live;

	if (!session)
		return;
	live = __sync_fetch_and_add(&session->live, -1) - 1;
	emit_exit(task, session, number, live);
	if (!live)
		end_unread_input(session, number);
}

static __always_inline void task_exited(struct task_struct *task)
{
	struct member *member;
	u64 number;

	if (task->signal->live.counter) /* not the last thread */
		return;
	number = pending_session(task->tgid);
	if (number)
		leave_pending(task->tgid, number);
	member = find_member(task);
	if (!member)
		return;
	if (member->session)
		leave_session(task, member->session);
	if (member->flags & MEMBER_INIT)
		forget_container(member->container);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	task_exited(task);
	return 0;
}
