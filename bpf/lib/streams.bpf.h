/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which pty or pipe belongs to which session. */
#ifndef RECORDER_STREAMS_H
#define RECORDER_STREAMS_H

#include "emit.bpf.h"
#include "files.bpf.h"

static __always_inline u32 stream_bits(struct recorder_stream_owner *owner)
{
	if (owner->tty)
		return 1 << RECORDER_IN | 1 << RECORDER_OUT;
	return 1 << (owner->stream & 3);
}

static __always_inline void forget_stream(u64 key)
{
	if (bpf_map_delete_elem(&streams, &key))
		return;
	__sync_fetch_and_add(&stream_filter[filter_slot(key)], -1);
	__sync_fetch_and_add(&live_streams, -1);
}

/* An owner's entry, dropped without a word: the stream never belonged to the session. */
static __always_inline void withdraw_stream(u64 key, u64 session)
{
	struct recorder_stream_owner *owner = bpf_map_lookup_elem(&streams, &key);

	if (owner && owner->session == session)
		forget_stream(key);
}

/* Tells that a stream is complete, once. */
static __always_inline void end_stream(struct recorder_session *session, u64 number, u32 stream,
				       u8 cause)
{
	struct recorder_event *event;
	u32 bit;

	if (stream >= RECORDER_STREAMS)
		return;
	bit = 1u << stream;
	if (!(session->streams & bit) || (__sync_fetch_and_or(&session->ended, bit) & bit))
		return;
	event = reserve_event(session, number, RECORDER_STREAM_END, 0);
	if (!event)
		return;
	event->stream = stream;
	event->reason = cause;
	event->offset = session->bytes[stream];
	submit_event(event, BPF_RB_FORCE_WAKEUP);
}

/* Nothing reads a pipe any more when the processes are gone and all they wrote has been read. */
static __always_inline void end_unread_input(struct recorder_session *session, u64 number)
{
	u32 outputs = session->streams & ~session->ended & ~(1u << RECORDER_IN);
	u64 key = session->pipe_keys[RECORDER_IN];

	if (!session->kind || session->live > 0 || outputs || !key)
		return;
	end_stream(session, number, RECORDER_IN, RECORDER_END_SESSION);
	withdraw_stream(key, number);
}

/* Ends all that goes over a key, and forgets it. */
static __always_inline void close_stream(u64 key, struct recorder_stream_owner *owner, u8 cause)
{
	struct recorder_session *session = find_session(owner->session);
	u64 number = owner->session;
	u32 bits = stream_bits(owner);

	forget_stream(key);
	if (!session)
		return;
	for (u32 stream = 0; stream < RECORDER_STREAMS; stream++)
		if (bits & (1 << stream))
			end_stream(session, number, stream, cause);
	end_unread_input(session, number);
}

/* The key's address has been used again. */
static __always_inline void drop_stale_stream(u64 key, struct recorder_stream_owner *owner)
{
	count(RECORDER_COUNT_STALE_STREAMS);
	close_stream(key, owner, RECORDER_END_SESSION);
}

/* Whose stream it is now. An entry for a pipe that is gone is ended and forgotten. */
static __always_inline struct recorder_stream_owner *find_stream(u64 key, u64 inode)
{
	struct recorder_stream_owner *owner = bpf_map_lookup_elem(&streams, &key);

	if (!owner || owner->inode == inode)
		return owner;
	drop_stale_stream(key, owner);
	return NULL;
}

/*
 * Registers a stream for a session. One that a live session owns stays with it:
 * a nested entry shares the outer's. True if it is this session's now.
 */
static __always_inline bool register_stream(u64 key, struct recorder_stream_owner *owner)
{
	struct recorder_stream_owner *old = find_stream(key, owner->inode);

	if (old) {
		if (old->session == owner->session)
			return true;
		if (find_session(old->session))
			return false;
		drop_stale_stream(key, old);
	}
	if (!bpf_map_update_elem(&streams, &key, owner, BPF_NOEXIST)) {
		__sync_fetch_and_add(&stream_filter[filter_slot(key)], 1);
		__sync_fetch_and_add(&live_streams, 1);
		return true;
	}
	count(RECORDER_COUNT_STREAMS_FULL);
	return false;
}

#endif
