/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Records of a fixed size. The event number is taken before the ring is asked,
 * so a record that finds no room leaves a hole; it is counted too.
 */
#ifndef RECORDER_EMIT_H
#define RECORDER_EMIT_H

#include "counters.bpf.h"

#define NO_STREAM RECORDER_STREAMS

/* Wakes the reader when enough lies in the ring for it: it polls for the rest. */
static __always_inline u64 wake_flags(void)
{
	if (!wake_bytes)
		return 0;
	if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >= wake_bytes)
		return BPF_RB_FORCE_WAKEUP;
	return BPF_RB_NO_WAKEUP;
}

static __always_inline struct recorder_session *find_session(u64 number)
{
	return bpf_map_lookup_elem(&sessions, &number);
}

static __always_inline void count_lost(struct recorder_session *session, u32 stream, u64 bytes)
{
	count(RECORDER_COUNT_RING_FULL_EVENTS);
	barrier_var(stream);
	if (stream >= RECORDER_STREAMS) {
		count(RECORDER_COUNT_RING_FULL_CONTROL);
		if (session)
			__sync_fetch_and_add(&session->dropped_control, 1);
		return;
	}
	count_many(RECORDER_COUNT_RING_FULL_BYTES, bytes);
	if (!session)
		return;
	__sync_fetch_and_add(&session->dropped_events[stream], 1);
	__sync_fetch_and_add(&session->dropped_bytes[stream], bytes);
}

static __always_inline void fill_event(struct recorder_event *event,
				       struct recorder_session *session, u64 number, u16 type)
{
	u64 id = bpf_get_current_pid_tgid();

	__builtin_memset(event, 0, sizeof(*event));
	event->type = type;
	event->session = number;
	event->time = bpf_ktime_get_boot_ns();
	event->pid = id >> 32;
	event->tid = id;
	if (session)
		event->seq = __sync_fetch_and_add(&session->seq, 1);
}

/* Reserves an event and size bytes of payload; NULL when the ring is full, which is counted. */
static __always_inline void *reserve_event(struct recorder_session *session, u64 number, u16 type,
					   const u32 size)
{
	struct recorder_event *event;

	event = bpf_ringbuf_reserve(&events, sizeof(*event) + size, 0);
	if (!event) {
		if (session)
			__sync_fetch_and_add(&session->seq, 1);
		count_lost(session, NO_STREAM, 0);
		return NULL;
	}
	fill_event(event, session, number, type);
	event->size = size;
	return event;
}

static __always_inline void submit_event(void *event, u64 flags)
{
	count(RECORDER_COUNT_EVENTS);
	bpf_ringbuf_submit(event, flags);
}

static __always_inline void emit_gap(struct recorder_session *session, u64 number, u8 stream,
				     u8 reason, u64 offset, u64 length)
{
	struct recorder_event *event = reserve_event(session, number, RECORDER_GAP, 0);

	if (!event)
		return;
	event->stream = stream;
	event->reason = reason;
	event->offset = offset;
	event->length = length;
	submit_event(event, wake_flags());
}

#endif
