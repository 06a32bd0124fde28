/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a finished read or write to a session's stream: whose it is, in which
 * direction, whether who made the call is a witness, whether it is secret.
 */
#ifndef RECORDER_RECORD_H
#define RECORDER_RECORD_H

#include "files.bpf.h"
#include "streams.bpf.h"
#include "tasks.bpf.h"
#include "transfer.bpf.h"

enum io_flags {
	IO_WRITE = 1,
	IO_IOVECS = 2,
	IO_COMPAT = 4,
	IO_URING = 8,
	IO_UNSEEN = 16, /* splice and the like */
	IO_EMPTY = 32,	/* nothing was asked for: a result of 0 is no end of file */
};

struct io {
	u64 key;
	u64 inode;
	u64 address;
	u64 count; /* bytes, or iovecs */
	s64 result;
	u32 flags; /* enum io_flags */
	u32 reserved;
};

/* The stream that a call moves bytes of, or RECORDER_STREAMS if it is the wrong end of a pipe. */
static __always_inline u32 stream_of(struct recorder_stream_owner *owner, bool write)
{
	if (owner->tty)
		return write ? RECORDER_IN : RECORDER_OUT;
	return write == (owner->stream == RECORDER_IN) ? owner->stream : RECORDER_STREAMS;
}

/* A pipe's end inside the recorded container tells nothing: only the runtime's side does. */
static __always_inline bool is_witness(struct task_struct *task, struct recorder_session *session,
				       struct recorder_stream_owner *owner)
{
	struct member *member;

	if (task->tgid == recorder_self)
		return false;
	if (owner->tty)
		return true;
	if (session->pid_level && pid_level(task) >= session->pid_level)
		return false;
	member = bpf_task_storage_get(&members, task, NULL, 0);
	return !member || member->session != owner->session;
}

static __always_inline bool hides_input(u32 lflag)
{
	return (lflag & TERMIOS_ICANON) && !(lflag & TERMIOS_ECHO);
}

/* Local modes of the slave: what is written to the master meets those. */
static __always_inline u32 terminal_modes(u64 master)
{
	return BPF_CORE_READ((struct tty_struct *)master, link, termios.c_lflag);
}

#define PLAIN_MODES (TERMIOS_ICANON | TERMIOS_ECHO)

static __always_inline bool is_plain(u32 modes)
{
	return (modes & PLAIN_MODES) == PLAIN_MODES;
}

/* The modes when this thread began its write, see on_sys_enter_write. */
static __always_inline u32 begun_modes(u64 key)
{
	u32 thread = bpf_get_current_pid_tgid(), modes = PLAIN_MODES;
	struct input_begun *begun = bpf_map_lookup_elem(&inputs, &thread);

	if (!begun)
		return modes;
	if (begun->key == key)
		modes = begun->modes;
	bpf_map_delete_elem(&inputs, &thread);
	return modes;
}

/* The program that read the input may have changed the modes by now, so either sample counts. */
static __always_inline u32 input_flags(u64 key)
{
	u32 modes = terminal_modes(key), begun = begun_modes(key), flags = 0;

	if (!(modes & begun & TERMIOS_ICANON))
		flags |= RECORDER_DATA_RAW;
	if (mask_echo_off && (hides_input(modes) || hides_input(begun)))
		flags |= RECORDER_DATA_MASKED;
	return flags;
}

/* Why a failed or empty call is the end of its stream; 0 if it is not. */
static __always_inline u8 end_cause(struct io *io, bool tty)
{
	bool write = io->flags & IO_WRITE;

	if (io->result == -EIO && tty && !write)
		return RECORDER_END_HANGUP;
	if (io->result == -EPIPE && !tty && write)
		return RECORDER_END_HANGUP;
	if (io->result == 0 && !tty && !write && !(io->flags & IO_EMPTY))
		return RECORDER_END_EOF;
	return 0;
}

static __always_inline void init_transfer(struct transfer *t, struct io *io)
{
	__builtin_memset(t, 0, sizeof(*t));
	t->length = io->result;
	if (io->flags & IO_URING)
		t->flags |= RECORDER_DATA_IO_URING;
	if (io->flags & IO_COMPAT)
		t->flags |= RECORDER_DATA_COMPAT;
	if (io->flags & IO_UNSEEN) {
		t->source = SOURCE_UNSEEN;
	} else if (io->flags & IO_IOVECS) {
		t->source = io->flags & IO_COMPAT ? SOURCE_COMPAT_IOVECS : SOURCE_IOVECS;
		t->iovecs = io->address;
		t->iovecs_left = io->count > IOVECS_MAX ? IOVECS_MAX : io->count;
	} else {
		t->address = io->address;
		t->segment = io->result;
	}
}

static __always_inline struct transfer *get_transfer(u32 flags)
{
	u32 slot = flags & IO_URING ? TRANSFER_URING : TRANSFER_CALL;

	return bpf_map_lookup_elem(&transfers, &slot);
}

static __noinline int record_io(struct task_struct *task, struct io *io)
{
	struct recorder_stream_owner *owner = find_stream(io->key, io->inode);
	struct transfer *t = get_transfer(io->flags);
	struct recorder_session *session;
	u32 stream;

	if (!owner || !t)
		return 0;
	session = find_session(owner->session);
	if (!session)
		forget_stream(io->key); /* user space is done with it */
	stream = stream_of(owner, io->flags & IO_WRITE);
	if (!session || stream >= RECORDER_STREAMS || !is_witness(task, session, owner))
		return 0;
	if (io->result <= 0) {
		u8 cause = end_cause(io, owner->tty);

		if (cause)
			close_stream(io->key, owner, cause);
		return 0;
	}
	if (session->ended & (1 << stream))
		return 0;
	if (io->flags & IO_COMPAT)
		count(RECORDER_COUNT_COMPAT_CALLS);
	init_transfer(t, io);
	t->number = owner->session;
	t->stream = stream;
	if (owner->tty && (io->flags & IO_WRITE))
		t->flags |= input_flags(io->key);
	send_transfer(session, t);
	return 0;
}

/* The part that runs for every call on the node: anything but a registered stream leaves here. */
static __always_inline void on_io(struct task_struct *task, struct file *file, struct io *io)
{
	struct stream_key id;

	if (!file)
		return;
	id = stream_key(file);
	if (!id.key)
		return;
	io->key = id.key;
	io->inode = id.inode;
	record_io(task, io);
}

#endif
