/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a task is to us when it executes a program (or is found running): by its
 * cgroup, its namespaces, its terminal and what it inherited. docs/capture.md
 * has the rules in words.
 */
#ifndef RECORDER_ENTRIES_H
#define RECORDER_ENTRIES_H

#include "sessions.bpf.h"

enum verdict {
	VERDICT_OTHER,	    /* nothing of ours, or a process of a container without a session */
	VERDICT_DESCENDANT, /* of a session */
	VERDICT_RUNTIME,    /* still the runtime, on its way into the container */
	VERDICT_OLDER,	    /* in a container since before we looked: as its parent */
	VERDICT_INIT,	    /* a container's first process */
	VERDICT_ENTRY,	    /* begins a session of kind entry.kind */
};

static __always_inline struct member *find_member(struct task_struct *task)
{
	return bpf_task_storage_get(&members, task, NULL, 0);
}

static __always_inline void set_member(struct task_struct *task, const struct member *value)
{
	struct member *member =
		bpf_task_storage_get(&members, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (member)
		*member = *value;
	else
		count(RECORDER_COUNT_MEMBERS_FULL);
}

static __always_inline u64 namespace_owner(u32 number)
{
	u64 *container = bpf_map_lookup_elem(&namespaces, &number);

	return container ? *container : 0;
}

static __always_inline void own_namespace(u32 number, u32 host, u64 container)
{
	if (!number || number == host)
		return;
	if (bpf_map_update_elem(&namespaces, &number, &container, BPF_ANY))
		count(RECORDER_COUNT_CONTAINERS_FULL);
}

static __always_inline void disown_namespace(u32 number, u64 container)
{
	if (number && namespace_owner(number) == container)
		bpf_map_delete_elem(&namespaces, &number);
}

/*
 * Files a container under its cgroup with this task as its first process. A pid
 * namespace that a container has already (the pod's) stays that one's.
 */
__weak int learn_container(struct workspace *argument, u64 key)
{
	struct workspace *ws = argument ? as_map_value(argument) : NULL;
	struct recorder_container *to;
	struct task_struct *task;
	u32 mnt, pid, level;

	if (!ws)
		return 0;
	to = &ws->container;
	task = subject(ws);
	mnt = mnt_namespace(task);
	level = pid_level(task);
	pid = level ? pid_namespace(task, level) : 0;
	__builtin_memset(to, 0, sizeof(*to));
	to->init_start_time = task_start(task);
	to->init_pid = BPF_CORE_READ(task, tgid);
	to->mnt_ns = mnt == host_mnt_ns ? 0 : mnt;
	to->pid_ns = pid == host_pid_ns ? 0 : pid;
	__builtin_memcpy(to->name, ws->found.name, sizeof(to->name));
	if (bpf_map_update_elem(&containers, &key, to, BPF_ANY))
		count(RECORDER_COUNT_CONTAINERS_FULL);
	own_namespace(to->mnt_ns, host_mnt_ns, key);
	if (!namespace_owner(to->pid_ns))
		own_namespace(to->pid_ns, host_pid_ns, key);
	return 0;
}

static __noinline int forget_container(u64 key)
{
	struct recorder_container *container = bpf_map_lookup_elem(&containers, &key);

	if (!container)
		return 0;
	disown_namespace(container->mnt_ns, key);
	disown_namespace(container->pid_ns, key);
	bpf_map_delete_elem(&containers, &key);
	return 0;
}

/* The container whose namespaces the task is in. mounts: the mount namespace alone decides. */
__weak u64 entered_container(struct workspace *ws, u32 mounts)
{
	struct task_struct *task;
	u32 level;
	u64 owner;

	if (!ws)
		return 0;
	task = subject(ws);
	level = pid_level(task);
	owner = namespace_owner(mnt_namespace(task));
	if (owner || mounts || !level)
		return owner;
	owner = namespace_owner(pid_namespace(task, level));
	return owner ?: namespace_owner(pid_namespace(task, 1)); /* a namespace made inside it */
}

static __always_inline bool in_host_mounts(struct task_struct *task)
{
	return host_mnt_ns && mnt_namespace(task) == host_mnt_ns;
}

/*
 * A task in the cgroup of a container that nobody knows yet. In a new pid
 * namespace only number 1 is the container's first process; another one is a
 * hook that the runtime runs there, as long as number 1 is the runtime itself.
 */
static __always_inline enum verdict judge_unknown(struct workspace *ws, struct entry *entry)
{
	struct task_struct *task = subject(ws);
	u32 level = pid_level(task);
	struct upid number = pid_at(task, level);
	struct pid_namespace *ns = number.ns;

	if (level && number.nr != 1 && !namespace_owner(BPF_CORE_READ(ns, ns.inum))) {
		if (pending_session(BPF_CORE_READ(ns, child_reaper, tgid)))
			return VERDICT_RUNTIME;
		entry->kind = RECORDER_KIND_EXEC; /* its first process escaped us */
		return VERDICT_ENTRY;
	}
	entry->kind = RECORDER_KIND_INIT;
	return VERDICT_INIT;
}

/* A task in a container's cgroup that did not inherit it. */
static __always_inline enum verdict judge_cgroup(struct workspace *ws, struct entry *entry)
{
	struct recorder_container *container;
	u64 key = entry->container;

	if (in_host_mounts(subject(ws)))
		return VERDICT_RUNTIME;
	container = bpf_map_lookup_elem(&containers, &key);
	if (!container)
		return judge_unknown(ws, entry);
	if (container->init_start_time == task_start(subject(ws))) {
		entry->kind = RECORDER_KIND_INIT;
		return VERDICT_INIT;
	}
	entry->kind = RECORDER_KIND_EXEC;
	return VERDICT_ENTRY;
}

/* Moved into a cgroup that tells nothing, and now in a pid and a mount namespace of its own. */
static __always_inline bool is_named_container(struct workspace *ws, struct member *member)
{
	return member && (member->flags & MEMBER_MOVED) && pid_level(subject(ws)) &&
	       !in_host_mounts(subject(ws)) && !entered_container(ws, false) && learn_name(ws);
}

/* A session leader whose controlling terminal is a pty that no live session has. */
static __noinline bool leads_terminal(struct workspace *ws)
{
	struct task_struct *task = subject(ws);
	u64 slave = (u64)BPF_CORE_READ(task, signal, tty), master;
	struct recorder_stream_owner *owner;

	if (!record_terminals || !BPF_CORE_READ(task, signal, leader) || !is_pty_slave(slave))
		return false;
	master = (u64)BPF_CORE_READ((struct tty_struct *)slave, link);
	if (!master)
		return false;
	owner = find_stream(master, 0);
	return !owner || !find_session(owner->session);
}

static __noinline enum verdict judge(struct workspace *ws, struct member *member,
				     struct entry *entry)
{
	u64 key = ws->found.key, entered;

	entry->container = key;
	entry->parent = member ? member->session : 0;
	if (key && (!member || member->container != key))
		return judge_cgroup(ws, entry);
	entered = entered_container(ws, key != 0);
	if (entered && (!member || member->entered != entered)) {
		entry->container = entered;
		entry->kind = RECORDER_KIND_NSENTER;
		return VERDICT_ENTRY;
	}
	if (!key && is_named_container(ws, member)) {
		entry->container = ws->found.key;
		return judge_unknown(ws, entry);
	}
	if (leads_terminal(ws)) {
		entry->kind = RECORDER_KIND_TERMINAL;
		return VERDICT_ENTRY;
	}
	return entry->parent ? VERDICT_DESCENDANT : VERDICT_OTHER;
}

/* The task belongs to this session from now on, and no more to the one it was started in. */
static __always_inline void enter(struct task_struct *task, struct entry *entry, u64 cgroup,
				  u64 session, u32 flags)
{
	struct recorder_session *outer = entry->parent ? find_session(entry->parent) : NULL;
	struct member member = {
		.session = session,
		.container = cgroup,
		.entered = entry->container,
		.flags = flags,
	};

	if (outer && session)
		__sync_fetch_and_add(&outer->live, -1);
	set_member(task, &member);
}

/* A container's own process is a session where somebody can type: attach. */
static __always_inline bool takes_input(struct workspace *ws)
{
	u32 source = ws->record.start.stdio[0].source;

	return source == RECORDER_SOURCE_TTY || source == RECORDER_SOURCE_PIPE;
}

static __noinline int begin_container(struct workspace *ws, struct task_struct *task,
				      struct entry *entry)
{
	u64 session = 0;

	learn_container(ws, entry->container);
	describe_start(ws, entry);
	output_start(ws, NULL, 0, RECORDER_CONTAINER);
	if (takes_input(ws))
		session = start_session(ws, entry);
	enter(task, entry, entry->container, session, MEMBER_INIT);
	return 0;
}

/* The container that was entered by its namespaces; the task's own cgroup is another's. */
static __always_inline void name_entered(struct workspace *ws, u64 key)
{
	struct recorder_container *container = bpf_map_lookup_elem(&containers, &key);

	ws->found.cgroup_id = key & ~RECORDER_CGROUP_V1;
	ws->found.version = key & RECORDER_CGROUP_V1 ? 1 : 2;
	if (container)
		__builtin_memcpy(ws->found.name, container->name, sizeof(container->name));
}

static __noinline int begin_entry(struct workspace *ws, struct task_struct *task,
				  struct entry *entry)
{
	u64 cgroup = ws->found.key, session;

	if (entry->kind == RECORDER_KIND_NSENTER)
		name_entered(ws, entry->container);
	describe_start(ws, entry);
	session = start_session(ws, entry);
	enter(task, entry, cgroup, session, 0);
	return 0;
}

#endif
