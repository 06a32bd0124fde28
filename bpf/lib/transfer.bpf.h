/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bytes of one call, on their way into the ring in pieces. The call's whole
 * range of offsets is taken at once, before the ring is asked: what can't be
 * read becomes a GAP of its exact length, what finds no room a hole.
 */
#ifndef RECORDER_TRANSFER_H
#define RECORDER_TRANSFER_H

#include "core_fixes.bpf.h"
#include "emit.bpf.h"

#define PIECE_MAX	   32768
#define PAGE_BYTES	   4096
#define TRANSFER_STEPS	   (1 << 20)
#define TRANSFER_STEPS_MIN 64	/* without bpf_loop: 2 MiB */
#define IOVECS_MAX	   1024 /* UIO_MAXIOV */

enum transfer_source {
	SOURCE_BUFFER,
	SOURCE_IOVECS,
	SOURCE_COMPAT_IOVECS,
	SOURCE_UNSEEN, /* it never was in user memory */
};

struct transfer {
	u64 number; /* of the session */
	u64 time;
	u64 offset; /* of the call's first byte */
	u64 length; /* of the call */
	u64 done;
	u64 careful_until; /* up to here by pages: a read has failed */
	u64 address;	   /* of the current segment */
	u64 segment;	   /* bytes left in it */
	u64 iovecs;	   /* address of the next one */
	u32 iovecs_left;
	u32 source; /* enum transfer_source */
	u32 flags;  /* enum recorder_data_flags */
	u32 pid;
	u32 tid;
	u32 stream;
	u32 faulted; /* an iovec could not be read */
	u32 reserved;
};

/*
 * In a map and not on the stack, where the verifier would follow every value
 * through every step of the loop. One slot for each program that sends.
 */
enum transfer_slot {
	TRANSFER_CALL,
	TRANSFER_URING,
	TRANSFER_SLOTS,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRANSFER_SLOTS);
	__type(key, u32);
	__type(value, struct transfer);
} transfers SEC(".maps") __weak;

/* What the steps share: pointers, which only the stack can hold. */
struct sending {
	struct recorder_session *session;
	struct transfer *transfer;
};

static __always_inline void fill_data(struct recorder_event *event, struct sending *sending,
				      u16 type, u64 length)
{
	struct transfer *t = sending->transfer;

	__builtin_memset(event, 0, sizeof(*event));
	event->type = type;
	event->stream = t->stream;
	event->session = t->number;
	event->seq = __sync_fetch_and_add(&sending->session->seq, 1);
	event->time = t->time;
	event->offset = t->offset + t->done;
	event->length = length;
	event->pid = t->pid;
	event->tid = t->tid;
	event->flags = t->flags;
}

static __always_inline void lose_data(struct sending *sending, u64 length)
{
	__sync_fetch_and_add(&sending->session->seq, 1);
	count_lost(sending->session, sending->transfer->stream, length);
}

/* Length bytes from done on that have no content. */
static __always_inline void put_empty(struct sending *sending, u16 type, u8 reason, u64 length)
{
	struct recorder_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		lose_data(sending, length);
		return;
	}
	fill_data(event, sending, type, length);
	event->reason = reason;
	submit_event(event, wake_flags());
}

static __always_inline void put_page_fault(struct sending *sending, u64 length)
{
	count(RECORDER_COUNT_PAGE_FAULTS);
	count_many(RECORDER_COUNT_PAGE_FAULT_BYTES, length);
	put_empty(sending, RECORDER_GAP, RECORDER_GAP_PAGE_FAULT, length);
}

/* Up to room bytes, a constant as the ring demands. False if they could not be read. */
static __always_inline bool put_piece(struct sending *sending, u32 size, const u32 room)
{
	struct transfer *t = sending->transfer;
	struct recorder_event *event = bpf_ringbuf_reserve(&events, sizeof(*event) + room, 0);

	if (!event) {
		lose_data(sending, size);
		return true;
	}
	barrier_var(size); /* else the bound is not checked on the register that is used */
	if (size > room || bpf_probe_read_user(event + 1, size, (const void *)t->address)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return false;
	}
	fill_data(event, sending, RECORDER_DATA, size);
	event->size = size;
	if (t->done + size < t->length)
		event->flags |= RECORDER_DATA_MORE;
	submit_event(event, wake_flags());
	return true;
}

static __always_inline bool put_sized(struct sending *sending, u32 size)
{
	if (size <= 64)
		return put_piece(sending, size, 64);
	if (size <= 256)
		return put_piece(sending, size, 256);
	if (size <= 1024)
		return put_piece(sending, size, 1024);
	if (size <= 4096)
		return put_piece(sending, size, 4096);
	return put_piece(sending, size, PIECE_MAX);
}

/* Size of the next piece. Records have few sizes, so one that would waste half is cut in two. */
static __always_inline u32 next_size(struct transfer *t)
{
	u64 rest = t->length - t->done;
	u32 size, page = PAGE_BYTES - (t->address & (PAGE_BYTES - 1));

	if (rest > t->segment)
		rest = t->segment;
	size = rest > PIECE_MAX ? PIECE_MAX : rest;
	if (t->done < t->careful_until)
		return size > page ? page : size;
	return size > PAGE_BYTES && size < PIECE_MAX / 2 ? PAGE_BYTES : size;
}

static __always_inline void advance(struct transfer *t, u32 size)
{
	t->done += size;
	t->address += size;
	t->segment -= size;
}

/* The next iovec becomes the segment; false if there is none. */
static __always_inline bool next_segment(struct transfer *t)
{
	struct compat_iovec narrow = {};
	struct iovec wide = {};
	bool compat = t->source == SOURCE_COMPAT_IOVECS;
	u32 size = compat ? sizeof(narrow) : sizeof(wide);
	long error;

	if (!t->iovecs_left)
		return false;
	if (compat) {
		error = bpf_probe_read_user(&narrow, sizeof(narrow), (const void *)t->iovecs);
		wide.iov_base = narrow.iov_base;
		wide.iov_len = narrow.iov_len;
	} else {
		error = bpf_probe_read_user(&wide, sizeof(wide), (const void *)t->iovecs);
	}
	if (error) {
		t->faulted = 1;
		return false;
	}
	t->iovecs += size;
	t->iovecs_left -= 1;
	t->address = wide.iov_base;
	t->segment = wide.iov_len;
	return true;
}

/* One step: a new segment or a piece of the current one. 1 ends the loop. */
static long transfer_step(u32 index, void *context)
{
	struct sending *sending = context;
	struct transfer *t = sending->transfer;
	u32 size;

	if (t->done >= t->length)
		return 1;
	if (!t->segment)
		return next_segment(t) ? 0 : 1;
	size = next_size(t);
	if (put_sized(sending, size)) {
		advance(t, size);
	} else if (t->done >= t->careful_until && size > 1) {
		t->careful_until = t->done + size;
	} else {
		put_page_fault(sending, size);
		advance(t, size);
	}
	return 0;
}

static __always_inline void run_transfer(struct sending *sending)
{
	if (CAN_LOOP) {
		bpf_loop(TRANSFER_STEPS, transfer_step, sending, 0);
		return;
	}
	for (u32 i = 0; i < TRANSFER_STEPS_MIN; i++)
		if (transfer_step(i, sending))
			break;
}

/* What is left when the steps are used up, or when an iovec could not be read. */
static __always_inline void put_rest(struct sending *sending)
{
	struct transfer *t = sending->transfer;
	u64 rest = t->length - t->done;

	if (t->done >= t->length)
		return;
	if (t->faulted) {
		put_page_fault(sending, rest);
		return;
	}
	count_many(RECORDER_COUNT_TRUNCATED_BYTES, rest);
	put_empty(sending, RECORDER_GAP, RECORDER_GAP_TRUNCATED, rest);
}

/* Sends length bytes of a stream; number, stream, length and source are set. */
static __noinline int send_transfer(struct recorder_session *session, struct transfer *t)
{
	struct sending sending = {.session = session, .transfer = t};
	u64 id = bpf_get_current_pid_tgid();
	u32 stream = t->stream;

	barrier_var(stream); /* checked and used in one register */
	if (stream >= RECORDER_STREAMS)
		return 0;
	t->pid = id >> 32;
	t->tid = id;
	t->time = bpf_ktime_get_boot_ns();
	t->offset = __sync_fetch_and_add(&session->bytes[stream], t->length);
	if (!session->kind)
		t->flags |= RECORDER_DATA_EARLY;
	if (t->flags & RECORDER_DATA_MASKED) {
		count_many(RECORDER_COUNT_MASKED_BYTES, t->length);
		put_empty(&sending, RECORDER_DATA, 0, t->length);
		return 0;
	}
	if (t->source == SOURCE_UNSEEN) {
		count_many(RECORDER_COUNT_UNSEEN_BYTES, t->length);
		put_empty(&sending, RECORDER_GAP, RECORDER_GAP_PROGRAM_MISSED, t->length);
		return 0;
	}
	run_transfer(&sending);
	put_rest(&sending);
	return 0;
}

#endif
