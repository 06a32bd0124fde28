// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Results of connections that the system call did not bring.
 *
 * Hook: inet_sock_set_state. To SYN_SENT it runs in the task that connects; from
 * there to ESTABLISHED or CLOSE in whatever the packet interrupted. Attached
 * while a session is alive. 5.15; optional.
 * Emits: CONNECT.
 */
#include "connect.bpf.h"
#include "syscalls.bpf.h"
#include <bpf/bpf_tracing.h>

/* Whether the task is in connect(2): the result will be that call's. */
static __always_inline bool in_connect(struct task_struct *task)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	bool compat = is_compat(task);
	u64 number;

#if defined(__TARGET_ARCH_x86)
	number = BPF_CORE_READ(regs, orig_ax);
#else
	number = (u32)BPF_CORE_READ(regs, syscallno);
#endif
	return (compat ? compat_kind(number) : native_kind(number)) == CALL_CONNECT;
}

static __always_inline void connect_begins(const struct sock *sock)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member = current_member(task);
	struct connecting entry = {};
	u64 key = (u64)sock;

	if (!member || !member->session)
		return;
	entry.session = member->session;
	entry.start_time = task_start(task);
	entry.pid = bpf_get_current_pid_tgid() >> 32;
	entry.tid = bpf_get_current_pid_tgid();
	entry.announced = !in_connect(task);
	if (bpf_map_update_elem(&connects, &key, &entry, BPF_ANY))
		count(RECORDER_COUNT_STREAMS_FULL);
	if (entry.announced)
		emit_late_connect(sock, &entry, -EINPROGRESS);
}

/* A socket that closes without an error was given up before there was a result. */
static __always_inline int final_result(const struct sock *sock, int state)
{
	if (state == TCP_ESTABLISHED)
		return 0;
	return -(BPF_CORE_READ(sock, sk_err) ?: ECONNABORTED);
}

static __always_inline void connect_ends(const struct sock *sock, int state)
{
	u64 key = (u64)sock;
	struct connecting *entry = bpf_map_lookup_elem(&connects, &key);

	if (!entry || entry->done)
		return;
	if (!entry->announced) {
		entry->result = final_result(sock, state);
		entry->done = 1;
		return;
	}
	emit_late_connect(sock, entry, final_result(sock, state));
	bpf_map_delete_elem(&connects, &key);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_inet_sock_set_state, const struct sock *sock, int old, int state)
{
	if (state == TCP_SYN_SENT)
		connect_begins(sock);
	else if (old == TCP_SYN_SENT)
		connect_ends(sock, state);
	return 0;
}
