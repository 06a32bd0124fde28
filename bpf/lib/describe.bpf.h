/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes the description of a task into the workspace's record. Everything is
 * read by probe, so that it works for tasks that the verifier does not know.
 */
#ifndef RECORDER_DESCRIBE_H
#define RECORDER_DESCRIBE_H

#include "emit.bpf.h"
#include "paths.bpf.h"
#include "tasks.bpf.h"

#define NOT_SET 0xffffffffu

/* kernel_cap_t was two u32 before 6.3 (f122a08b197d), low word first: the same bytes. */
static __always_inline u64 read_cap(const void *field)
{
	u64 cap = 0;

	read_kernel(&cap, sizeof(cap), (u64)field);
	return cap;
}

static __always_inline void describe_credentials(struct recorder_process *to,
						 struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	to->uid = BPF_CORE_READ(cred, uid.val);
	to->gid = BPF_CORE_READ(cred, gid.val);
	to->euid = BPF_CORE_READ(cred, euid.val);
	to->egid = BPF_CORE_READ(cred, egid.val);
	to->cap_effective = read_cap(&cred->cap_effective);
	to->cap_permitted = read_cap(&cred->cap_permitted);
	to->cap_inheritable = read_cap(&cred->cap_inheritable);
	to->cap_bounding = read_cap(&cred->cap_bset);
	to->cap_ambient = read_cap(&cred->cap_ambient);
	to->login_uid = NOT_SET;
	if (bpf_core_field_exists(task->loginuid))
		to->login_uid = BPF_CORE_READ(task, loginuid.val);
}

static __always_inline void describe_identity(struct recorder_process *to, struct task_struct *task)
{
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	u32 level = pid_level(task);

	to->start_time = task_start(task);
	to->parent_start_time = task_start(parent);
	to->pid = BPF_CORE_READ(task, tgid);
	to->ppid = BPF_CORE_READ(parent, tgid);
	to->ns_pid = pid_at(task, level).nr;
	to->pid_ns = pid_namespace(task, level);
	to->mnt_ns = mnt_namespace(task);
	BPF_CORE_READ_INTO(&to->comm, task, comm);
	BPF_CORE_READ_INTO(&to->parent_comm, parent, group_leader, comm);
}

/* Appends size bytes of the path that was written last. */
static __always_inline u16 append_path(struct workspace *ws)
{
	u32 used = ws->strings_used, start = ws->path_start, size;

	if (start >= PATH_MAX_BYTES || used >= STRINGS_MAX)
		return 0;
	size = PATH_MAX_BYTES - start;
	bpf_probe_read_kernel(ws->record.strings + used, size, ws->path + start);
	ws->strings_used = used + size;
	return size;
}

/* The current task's arguments as they lie in its memory; another task's can't be read. */
static __always_inline void append_argv(struct workspace *ws, struct task_struct *task, u32 flags)
{
	struct recorder_process *to = &ws->record.start.process;
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	u64 start = BPF_CORE_READ(mm, arg_start);
	u64 size = BPF_CORE_READ(mm, arg_end) - start;
	u32 used = ws->strings_used;

	to->argv_total = size;
	if (size > ARGV_MAX_BYTES) {
		size = ARGV_MAX_BYTES;
		to->flags |= RECORDER_ARGV_TRUNCATED;
	}
	if (!size || used >= STRINGS_MAX)
		return;
	if ((flags & RECORDER_LATE) ||
	    bpf_probe_read_user(ws->record.strings + used, size, (const void *)start)) {
		to->flags |= RECORDER_ARGV_UNREADABLE;
		return;
	}
	to->argv_size = size;
	ws->strings_used = used + size;
}

static __always_inline void append_paths(struct workspace *ws, struct task_struct *task)
{
	struct recorder_process *to = &ws->record.start.process;
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);

	if (!fs)
		return;
	if (exe) {
		if (!write_path(ws, (u64)&exe->f_path, (u64)&fs->root))
			to->flags |= RECORDER_PATH_TRUNCATED;
		to->exe_size = append_path(ws);
	}
	if (!write_path(ws, (u64)&fs->pwd, (u64)&fs->root))
		to->flags |= RECORDER_PATH_TRUNCATED;
	if (ws->path_start == PATH_MAX_BYTES) { /* the root itself */
		ws->path_start = PATH_MAX_BYTES - 1;
		ws->path[PATH_MAX_BYTES - 1] = '/';
	}
	to->cwd_size = append_path(ws);
}

/* flags: RECORDER_LATE or 0. Strings that were appended before stay in front. */
__weak int describe_process(struct workspace *ws, u32 flags)
{
	struct recorder_process *to;
	struct task_struct *task;

	if (!ws)
		return 0;
	to = &ws->record.start.process;
	task = subject(ws);
	__builtin_memset(to, 0, sizeof(*to));
	to->flags = flags;
	describe_identity(to, task);
	describe_credentials(to, task);
	append_argv(ws, task, flags);
	append_paths(ws, task);
	return 0;
}

/* Sends the record from start on; the event lies before it. Size is exact. */
static __always_inline void output_record(struct recorder_event *event,
					  struct recorder_session *session, const u32 fixed,
					  u32 strings, u64 flags)
{
	u32 size = fixed + (strings & (STRINGS_SIZE - 1));

	event->size = size;
	if (bpf_ringbuf_output(&events, event, sizeof(*event) + size, flags)) {
		count_lost(session, NO_STREAM, 0);
		return;
	}
	count(RECORDER_COUNT_EVENTS);
}

/* An EXEC of a task of the session. */
static __noinline int emit_exec(struct workspace *ws, u64 number)
{
	struct recorder_session *session = find_session(number);
	struct recorder_event *event =
		(void *)((u8 *)&ws->record.start.process - sizeof(struct recorder_event));

	if (!session)
		return 0;
	ws->strings_used = 0;
	describe_process(ws, 0);
	fill_event(event, session, number, RECORDER_EXEC);
	output_record(event, session, sizeof(struct recorder_process), ws->strings_used,
		      wake_flags());
	return 0;
}

#endif
