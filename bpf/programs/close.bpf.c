// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Ends a session's streams for user space, which sees what no hook does: that
 * the session's processes are gone and nobody read their streams to the end.
 *
 * Run by BPF_PROG_TEST_RUN with a struct recorder_close. 5.15; optional.
 * Emits: STREAM_END.
 */
#include "streams.bpf.h"

static __always_inline void close_key(u64 key, u64 number)
{
	struct recorder_stream_owner *owner = bpf_map_lookup_elem(&streams, &key);

	if (owner && owner->session == number)
		close_stream(key, owner, RECORDER_END_SESSION);
}

static __noinline int close_all(u64 number)
{
	struct recorder_session *session = find_session(number);
	u64 tty;

	if (!session)
		return 0;
	for (u32 stream = 0; stream < RECORDER_STREAMS; stream++)
		close_key(session->pipe_keys[stream], number);
	tty = session->tty_key;
	close_key(tty, number);
	return 0;
}

SEC("syscall")
int close_session(struct recorder_close *context)
{
	return close_all(context->session);
}
