/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stands in for the recorder's programs where a test must decide what is in the
 * ring, or have a program refused: the same names, maps, settings and variables.
 * Program "emit" (run by BPF_PROG_TEST_RUN) writes records and sets variables.
 *
 * REFUSE_REQUIRED, REFUSE_OPTIONAL, ABSENT_OPTIONAL, OTHER_VERSION: variants.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "recorder_events.h"

typedef unsigned long long u64;
typedef unsigned int u32;

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile _Bool record_terminals = 0;
const volatile _Bool mask_echo_off = 1;
const volatile _Bool lazy_capture = 0;
const volatile _Bool force_cgroup_v1 = 0;
const volatile u64 wake_bytes = 0;
const volatile u32 host_pid_ns = 0;
const volatile u32 host_mnt_ns = 0;

u32 recorder_self = 0;
u32 scan_pass = 0;
u64 next_session = 0;
long live_streams = 0;
long pending_entries = 0;
u64 calls = 0; /* of on_sys_exit */
u64 passes = 0; /* bit per pass that the iterator ran */

/* The contract's enumerations, which the compiler describes only where a variable has their type. */
enum recorder_event_type type_event;
enum recorder_stream type_stream;
enum recorder_kind type_kind;
enum recorder_gap_reason type_gap_reason;
enum recorder_end_cause type_end_cause;
enum recorder_data_flags type_data_flags;
enum recorder_process_flags type_process_flags;
enum recorder_source type_source;
enum recorder_counter type_counter;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RECORDER_COUNTERS);
	__type(key, u32);
	__type(value, u64);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u64);
	__type(value, struct recorder_session);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u64);
	__type(value, struct recorder_container);
} containers SEC(".maps");

struct emit_context {
	u64 session;
	u64 first;	 /* sequence and offset of the first record */
	u32 records;
	u32 type;
	u32 size;	 /* payload: 0 to 4096, filled with the record's number */
	u32 live;	 /* live_streams from now on */
};

struct record {
	struct recorder_event event;
	unsigned char payload[4096];
};

static void note_session(u64 number, u64 next)
{
	struct recorder_session zero = {};
	struct recorder_session *session;

	bpf_map_update_elem(&sessions, &number, &zero, BPF_NOEXIST);
	session = bpf_map_lookup_elem(&sessions, &number);
	if (!session)
		return;
	session->seq = next;
	session->bytes[RECORDER_OUT] = next;
	session->kind = RECORDER_KIND_EXEC;
	session->live = 1;
}

static void lose(void)
{
	u32 index = RECORDER_COUNT_RING_FULL_EVENTS;
	u64 *value = bpf_map_lookup_elem(&counters, &index);

	if (value)
		__sync_fetch_and_add(value, 1);
}

static long emit_one(u32 i, void *context)
{
	struct emit_context *c = context;
	struct record *r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
	u64 number = c->first + i;
	u64 *words;

	if (!r) {
		lose();
		return 0;
	}
	__builtin_memset(&r->event, 0, sizeof(r->event));
	r->event.type = c->type;
	r->event.session = c->session;
	r->event.seq = number;
	r->event.offset = number;
	r->event.size = c->size;
	r->event.time = bpf_ktime_get_boot_ns();
	words = (u64 *)r->payload;
	for (u32 w = 0; w < 8; w++)
		words[w] = (number & 0xff) * 0x0101010101010101ull;
	bpf_ringbuf_submit(r, 0);
	return 0;
}

SEC("syscall")
int emit(struct emit_context *c)
{
	struct emit_context copy = *c;

	live_streams = copy.live;
	bpf_loop(copy.records, emit_one, &copy, 0);
	if (copy.session)
		note_session(copy.session, copy.first + copy.records);
	return 0;
}

SEC("syscall")
int close_session(struct recorder_close *c)
{
	u64 number = c->session;
	struct recorder_session *session = bpf_map_lookup_elem(&sessions, &number);

	if (!session)
		return -1;
	session->ended = 7;
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int on_cgroup_attach(u64 *c)
{
#ifdef REFUSE_REQUIRED
	return *(int *)c[9]; /* beyond the hook's arguments */
#endif
	return 0;
}

SEC("tp_btf/sched_process_exec")
int on_exec(u64 *c)
{
	return 0;
}

SEC("tp_btf/sched_process_fork")
int on_fork(u64 *c)
{
	return 0;
}

SEC("tp_btf/sched_process_exit")
int on_exit(u64 *c)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int on_sys_exit(u64 *c)
{
	__sync_fetch_and_add(&calls, 1);
	return 0;
}

SEC("tp/syscalls/sys_enter_write")
int on_sys_enter_write(void *c)
{
	return 0;
}

#ifdef REFUSE_OPTIONAL
SEC("tp_btf/sched_switch")
int refused_program(u64 *c)
{
	for (;;)
		__sync_fetch_and_add(&calls, 1);
	return 0;
}
#endif

#ifdef ABSENT_OPTIONAL
SEC("tp_btf/no_such_hook_of_the_kernel")
int absent_program(u64 *c)
{
	return 0;
}
#endif

#ifdef OTHER_VERSION
u64 added_in_this_version = 1;
#endif

struct task_iterator {
	void *meta;
	void *task;
};

SEC("iter/task")
int scan_tasks(struct task_iterator *c)
{
	passes |= 1ull << (scan_pass & 63);
	return 0;
}
