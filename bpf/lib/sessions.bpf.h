/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a session begins: pending, started or dropped. */
#ifndef RECORDER_SESSIONS_H
#define RECORDER_SESSIONS_H

#include "cgroups.bpf.h"
#include "describe.bpf.h"
#include "streams.bpf.h"

struct entry {
	u64 container; /* key; 0: none */
	u64 parent;    /* session that this one begins in; 0: none */
	u64 pending;   /* session that has been pending for it; 0: none */
	u32 kind;      /* enum recorder_kind */
	u32 flags;     /* RECORDER_LATE or 0 */
};

static __always_inline u64 pending_session(u32 tgid)
{
	u64 *number;

	if (!pending_entries)
		return 0;
	number = bpf_map_lookup_elem(&pending, &tgid);
	return number ? *number : 0;
}

static __always_inline bool add_pending(u32 tgid, u64 number)
{
	if (bpf_map_update_elem(&pending, &tgid, &number, BPF_NOEXIST)) {
		count(RECORDER_COUNT_PENDING_FULL);
		return false;
	}
	__sync_fetch_and_add(&pending_entries, 1);
	return true;
}

static __always_inline void remove_pending(u32 tgid)
{
	if (!bpf_map_delete_elem(&pending, &tgid))
		__sync_fetch_and_add(&pending_entries, -1);
}

static __always_inline struct file *stdio_file(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;

	if (!table || fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	read_kernel(&file, sizeof(file), (u64)(BPF_CORE_READ(table, fd) + fd));
	return file;
}

/* Fills pipe_keys and tty_key of the workspace and tells what the three descriptors are. */
__weak int describe_stdio(struct workspace *ws)
{
	struct task_struct *task;
	u64 slave = 0;

	if (!ws)
		return 0;
	task = subject(ws);
	ws->tty_key = 0;
	for (u32 fd = 0; fd < RECORDER_STREAMS; fd++) {
		struct recorder_stdio *to = &ws->record.start.stdio[fd];
		struct file *file = stdio_file(task, fd);
		struct inode *inode = BPF_CORE_READ(file, f_inode);
		u64 tty;

		ws->pipe_keys[fd] = 0;
		if (!file)
			continue;
		to->inode = BPF_CORE_READ(inode, i_ino);
		to->source = source_of(inode);
		tty = slave_tty(file, inode);
		if (to->source == RECORDER_SOURCE_PIPE) {
			ws->pipe_keys[fd] = (u64)inode;
			to->queued = pipe_queued(inode);
		} else if (is_pty_slave(tty)) {
			to->source = RECORDER_SOURCE_TTY;
			slave = slave ?: tty;
		}
	}
	if (ws->record.start.kind == RECORDER_KIND_TERMINAL)
		slave = (u64)BPF_CORE_READ(task, signal, tty);
	if (slave) {
		struct tty_struct *tty = (void *)slave;

		ws->tty_key = (u64)BPF_CORE_READ(tty, link);
		ws->record.start.tty_key = ws->tty_key;
		ws->record.start.tty_index = BPF_CORE_READ(tty, index);
		ws->record.start.columns = BPF_CORE_READ(tty, winsize.ws_col);
		ws->record.start.rows = BPF_CORE_READ(tty, winsize.ws_row);
	}
	return 0;
}

/* The record of a START or CONTAINER, but for its streams. */
__weak int describe_start(struct workspace *ws, struct entry *entry)
{
	struct recorder_start *to;
	int whole;

	if (!ws || !entry)
		return 0;
	to = &ws->record.start;
	__builtin_memset(to, 0, __builtin_offsetof(struct recorder_start, process));
	to->cgroup_id = ws->found.cgroup_id;
	to->cgroup_version = entry->container ? ws->found.version : 0;
	to->parent_session = entry->parent;
	to->kind = entry->kind;
	to->root_pid_level = pid_level(subject(ws));
	__builtin_memcpy(to->container, ws->found.name, sizeof(to->container));
	describe_stdio(ws);
	ws->strings_used = 0;
	whole = write_cgroup_path(ws, ws->found.node);
	to->cgroup_size = append_path(ws);
	describe_process(ws, entry->flags);
	if (!whole)
		to->process.flags |= RECORDER_PATH_TRUNCATED;
	return 0;
}

static __always_inline void output_start(struct workspace *ws, struct recorder_session *session,
					 u64 number, u16 type)
{
	struct recorder_event *event = &ws->record.event;

	fill_event(event, session, number, type);
	event->pid = ws->record.start.process.pid;
	event->tid = ws->record.start.process.pid;
	output_record(event, session, sizeof(struct recorder_start), ws->strings_used,
		      BPF_RB_FORCE_WAKEUP);
}

static __always_inline void register_pipe(struct recorder_session *session, u64 number, u32 fd,
					  struct inode *inode)
{
	struct recorder_stream_owner owner = {
		.session = number,
		.inode = BPF_CORE_READ(inode, i_ino),
		.stream = fd,
	};

	if (session->pipe_keys[fd] == (u64)inode || !register_stream((u64)inode, &owner))
		return;
	session->pipe_keys[fd] = (u64)inode;
	session->queued[fd] = pipe_queued(inode);
	__sync_fetch_and_or(&session->streams, 1 << fd);
}

/* A pipe that stands behind two descriptors is the first one's: 2>&1 stays OUT. */
static __noinline int register_pipes(struct workspace *ws, struct recorder_session *session,
				     u64 number)
{
	u64 *keys = ws->pipe_keys;

	if (keys[0])
		register_pipe(session, number, RECORDER_IN, (struct inode *)keys[0]);
	if (keys[1] && keys[1] != keys[0])
		register_pipe(session, number, RECORDER_OUT, (struct inode *)keys[1]);
	if (keys[2] && keys[2] != keys[0] && keys[2] != keys[1])
		register_pipe(session, number, RECORDER_ERR, (struct inode *)keys[2]);
	return 0;
}

static __always_inline void withdraw_pipe(struct recorder_session *session, u64 number, u32 fd)
{
	withdraw_stream(session->pipe_keys[fd], number);
	session->pipe_keys[fd] = 0;
	__sync_fetch_and_and(&session->streams, ~(1 << fd));
}

/* Takes back pipes that a pending session had and its program did not keep: the runtime's own. */
static __noinline int withdraw_pipes(struct workspace *ws, struct recorder_session *session,
				     u64 number)
{
	for (u32 fd = 0; fd < RECORDER_STREAMS; fd++) {
		u64 key = session->pipe_keys[fd];

		if (key && key != ws->pipe_keys[0] && key != ws->pipe_keys[1] &&
		    key != ws->pipe_keys[2])
			withdraw_pipe(session, number, fd);
	}
	return 0;
}

static __noinline int register_tty(struct recorder_session *session, u64 number, u64 key)
{
	struct recorder_stream_owner owner = {.session = number, .tty = 1};

	if (session->tty_key && session->tty_key != key)
		withdraw_stream(session->tty_key, number);
	session->tty_key = key;
	if (register_stream(key, &owner))
		__sync_fetch_and_or(&session->streams, 1 << RECORDER_IN | 1 << RECORDER_OUT);
	return 0;
}

/* A terminal's session leader may have pipes too, from whoever: they are not its terminal. */
static __always_inline void register_streams(struct workspace *ws, struct recorder_session *session,
					     u64 number, u32 kind)
{
	withdraw_pipes(ws, session, number);
	if (kind != RECORDER_KIND_TERMINAL)
		register_pipes(ws, session, number);
	if (ws->tty_key)
		register_tty(session, number, ws->tty_key);
}

static __always_inline u64 create_session(struct workspace *argument, struct entry *entry,
					  u32 waiting)
{
	struct workspace *ws = as_map_value(argument);
	u64 number;

	if (!ws)
		return 0;
	number = __sync_fetch_and_add(&next_session, 1) + 1;
	__builtin_memset(&ws->session, 0, sizeof(ws->session));
	ws->session.started = bpf_ktime_get_boot_ns();
	ws->session.parent_session = entry->parent;
	ws->session.pending = waiting;
	if (!bpf_map_update_elem(&sessions, &number, &ws->session, BPF_NOEXIST))
		return number;
	count(RECORDER_COUNT_SESSIONS_FULL);
	return 0;
}

/*
 * Makes the described task the root of a session. Data that comes between its
 * streams' registration and START is marked EARLY, since kind is set last.
 */
__weak u64 start_session(struct workspace *ws, struct entry *entry)
{
	struct recorder_session *session;
	u64 number;

	if (!ws || !entry)
		return 0;
	number = entry->pending;
	if (!number || !find_session(number))
		number = create_session(ws, entry, 0);
	session = find_session(number);
	if (!session)
		return 0;
	session->container = entry->container;
	session->parent_session = entry->parent;
	session->pid_level = ws->record.start.root_pid_level;
	session->root_pid = ws->record.start.process.pid;
	session->root_start_time = ws->record.start.process.start_time;
	session->live = 1;
	register_streams(ws, session, number, entry->kind);
	ws->record.start.streams = session->streams;
	for (u32 fd = 0; fd < RECORDER_STREAMS; fd++)
		if (session->pipe_keys[fd]) /* not what has been recorded since */
			ws->record.start.stdio[fd].queued = session->queued[fd];
	output_start(ws, session, number, RECORDER_START);
	session->kind = entry->kind;
	return number;
}

static __always_inline void emit_bare(struct recorder_session *session, u64 number, u16 type)
{
	void *event = reserve_event(session, number, type, 0);

	if (event)
		submit_event(event, BPF_RB_FORCE_WAKEUP);
}

/* A task of the runtime entered a container's cgroup: its stdio may become the session's. */
__weak int begin_pending(struct workspace *ws, u64 parent)
{
	struct entry entry = {.parent = parent};
	struct recorder_session *session;
	u64 number;
	u32 tgid;

	if (!ws)
		return 0;
	tgid = BPF_CORE_READ(subject(ws), tgid);
	if (pending_session(tgid))
		return 0;
	number = create_session(ws, &entry, 1);
	session = find_session(number);
	if (!session)
		return 0;
	if (!add_pending(tgid, number)) {
		bpf_map_delete_elem(&sessions, &number);
		return 0;
	}
	if (lazy_capture)
		emit_bare(session, number, RECORDER_PENDING);
	ws->record.start.kind = 0;
	describe_stdio(ws);
	register_pipes(ws, session, number);
	return 0;
}

/* A pending entry that came to nothing: its streams and what came over them are forgotten. */
static __noinline int drop_session(u64 number)
{
	struct recorder_session *session = find_session(number);

	if (!session)
		return 0;
	for (u32 fd = 0; fd < RECORDER_STREAMS; fd++)
		if (session->pipe_keys[fd])
			withdraw_stream(session->pipe_keys[fd], number);
	if (session->tty_key)
		withdraw_stream(session->tty_key, number);
	emit_bare(session, number, RECORDER_DROP);
	bpf_map_delete_elem(&sessions, &number);
	return 0;
}

/* A task of the runtime is gone, or is the program now. The last one drops what never started. */
static __always_inline void leave_pending(u32 tgid, u64 number)
{
	struct recorder_session *session = find_session(number);

	remove_pending(tgid);
	if (!session)
		return;
	if (__sync_fetch_and_add(&session->pending, -1) == 1 && !session->kind)
		drop_session(number);
}

#endif
