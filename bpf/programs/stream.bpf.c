// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Streams: what the runtime's side reads from and writes to a session's pty
 * master and pipes.
 *
 * Hooks: sys_exit alone, since there the arguments still stand in pt_regs, the
 * buffer is resident and the length is exact; and the entry of write and writev,
 * to see the terminal's modes when input began its way (who read it may have
 * changed them by the exit). Attached while a session is alive. 5.15; bpf_rdonly_cast (6.2)
 * saves helper calls, bpf_loop (5.17) lifts the limit of 2 MiB a call.
 * Emits: DATA, GAP, STREAM_END, RESIZE, CONNECT.
 */
#define RECORDER_CAST
#include "connect.bpf.h"
#include "record.bpf.h"
#include "sessions.bpf.h"
#include "syscalls.bpf.h"
#include <bpf/bpf_tracing.h>

struct call {
	u64 arguments[3];
	s64 result;
	bool compat;
};

static __always_inline void on_transfer(struct task_struct *task, struct call *call, u32 flags)
{
	struct io io = {
		.address = call->arguments[1],
		.count = call->arguments[2],
		.result = call->result,
		.flags = flags | (call->compat ? IO_COMPAT : 0) |
			 (call->arguments[2] ? 0 : IO_EMPTY),
	};

	if (io.result < 0 && io.result != -EIO && io.result != -EPIPE)
		return;
	on_io(task, task_file(task, call->arguments[0]), &io);
}

/* One end of a call that moves bytes past user memory. */
static __always_inline void on_unseen(struct task_struct *task, struct call *call, u32 fd,
				      u32 flags)
{
	struct io io = {.result = call->result, .flags = flags | IO_UNSEEN};

	if (io.result < 0 && io.result != -EIO && io.result != -EPIPE)
		return;
	if (io.result == 0 && !call->arguments[2])
		io.flags |= IO_EMPTY;
	on_io(task, task_file(task, fd), &io);
}

/* The window's size is the pty's, whatever the caller's buffer says by now. */
static __always_inline void on_ioctl(struct task_struct *task, struct call *call)
{
	struct file *file = task_file(task, call->arguments[0]);
	struct recorder_stream_owner *owner;
	struct recorder_session *session;
	struct recorder_event *event;
	struct stream_key id;
	struct tty_struct *master;

	if ((u32)call->arguments[1] != TIOCSWINSZ || call->result || !file)
		return;
	id = stream_key(file);
	owner = id.key && !id.inode ? find_stream(id.key, 0) : NULL;
	session = owner ? find_session(owner->session) : NULL;
	if (!session)
		return;
	event = reserve_event(session, owner->session, RECORDER_RESIZE, 0);
	if (!event)
		return;
	master = (void *)id.key;
	event->value = (u32)BPF_CORE_READ(master, link, winsize.ws_col) << 16 |
		       BPF_CORE_READ(master, link, winsize.ws_row);
	submit_event(event, wake_flags());
}

/* The runtime opened the session's terminal: it is filed before anybody can use it. */
static __always_inline void adopt_tty(u64 number, u64 key)
{
	struct recorder_session *session = find_session(number);

	if (!session || session->kind)
		return;
	for (u32 fd = 0; fd < RECORDER_STREAMS; fd++)
		if (session->pipe_keys[fd])
			withdraw_pipe(session, number, fd);
	register_tty(session, number, key);
}

/* A new master: whatever is filed under its address belongs to a dead one. */
static __always_inline void on_open(struct task_struct *task, struct call *call)
{
	struct recorder_stream_owner *old;
	struct stream_key id;
	struct file *file;
	u64 number;

	if (call->result < 0)
		return;
	file = task_file(task, call->result);
	if (!file)
		return;
	id = any_stream_key(file);
	if (!id.key || id.inode)
		return;
	old = filter_has(id.key) ? bpf_map_lookup_elem(&streams, &id.key) : NULL;
	if (old)
		drop_stale_stream(id.key, old);
	number = pending_session(task->tgid);
	if (number)
		adopt_tty(number, id.key);
}

static __always_inline void dispatch(struct task_struct *task, struct call *call,
				     enum call_kind kind)
{
	u64 *arguments = call->arguments;

	switch (kind) {
	case CALL_READ:
		return on_transfer(task, call, 0);
	case CALL_WRITE:
		return on_transfer(task, call, IO_WRITE);
	case CALL_READV:
		return on_transfer(task, call, IO_IOVECS);
	case CALL_WRITEV:
		return on_transfer(task, call, IO_IOVECS | IO_WRITE);
	case CALL_IOCTL:
		return on_ioctl(task, call);
	case CALL_OPEN:
		return on_open(task, call);
	case CALL_SPLICE:
		on_unseen(task, call, arguments[0], 0);
		return on_unseen(task, call, arguments[2], IO_WRITE);
	case CALL_TEE: /* what it copies from a pipe stays in it */
		return on_unseen(task, call, arguments[1], IO_WRITE);
	case CALL_VMSPLICE: /* either way, by the end that the descriptor is */
		on_unseen(task, call, arguments[0], 0);
		return on_unseen(task, call, arguments[0], IO_WRITE);
	case CALL_SENDFILE:
		on_unseen(task, call, arguments[1], 0);
		return on_unseen(task, call, arguments[0], IO_WRITE);
	case CALL_CONNECT:
		return on_connect(task, arguments[0], arguments[1], arguments[2], call->result);
	default:
		return;
	}
}

static __always_inline void call_returned(struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	bool compat = is_compat(task);
	u64 number = call_number(regs);
	enum call_kind kind = compat ? compat_kind(number) : native_kind(number);
	struct call call = {.result = result, .compat = compat};

	if (kind == CALL_OTHER)
		return;
	for (u32 i = 0; i < 3; i++)
		call.arguments[i] = call_argument(regs, i, compat);
	dispatch(task, &call, kind);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
	call_returned(regs, result);
	return 0;
}

/* The terminal's modes at a write's entry, kept for its exit. */
static __always_inline void write_begins(u32 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = task_file(task, fd);
	u32 thread = bpf_get_current_pid_tgid();
	struct input_begun begun = {};
	struct stream_key id;

	if (!file)
		return;
	id = stream_key(file);
	if (!id.key || id.inode || !find_stream(id.key, 0))
		return;
	begun.key = id.key;
	begun.modes = terminal_modes(id.key);
	if (is_plain(begun.modes))
		bpf_map_delete_elem(&inputs, &thread);
	else if (bpf_map_update_elem(&inputs, &thread, &begun, BPF_ANY))
		count(RECORDER_COUNT_STREAMS_FULL);
}

SEC("tracepoint/syscalls/sys_enter_write")
int on_sys_enter_write(struct trace_event_raw_sys_enter *context)
{
	write_begins(context->args[0]);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_writev")
int on_sys_enter_writev(struct trace_event_raw_sys_enter *context)
{
	write_begins(context->args[0]);
	return 0;
}
