/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections of a session's processes. The system call's result is one record.
 * Where it is EINPROGRESS, or where there was no such call (io_uring, TCP fast
 * open), the socket's change of state brings the result: a second record.
 */
#ifndef RECORDER_CONNECT_H
#define RECORDER_CONNECT_H

#include "emit.bpf.h"
#include "files.bpf.h"
#include "tasks.bpf.h"
#include <bpf/bpf_endian.h>

#define UNIX_PATH_BYTES 108

static __always_inline struct member *current_member(struct task_struct *task)
{
	struct member *member = bpf_task_storage_get(&members, task, NULL, 0);

	if (member || !task->group_leader) /* io_uring's threads are born without a fork event */
		return member;
	return bpf_task_storage_get(&members, task->group_leader, NULL, 0);
}

static __always_inline struct recorder_connect *
reserve_connect(struct recorder_session *session, u64 number, struct recorder_event **event)
{
	struct recorder_connect *to;

	*event = reserve_event(session, number, RECORDER_CONNECT, sizeof(*to));
	if (!*event)
		return NULL;
	to = (void *)(*event + 1);
	__builtin_memset(to, 0, sizeof(*to));
	return to;
}

static __always_inline u16 address_family(u64 address, u32 size)
{
	u16 family = 0;

	if (size < sizeof(family) ||
	    bpf_probe_read_user(&family, sizeof(family), (const void *)address))
		return 0;
	return family == AF_UNIX || family == AF_INET || family == AF_INET6 ? family : 0;
}

static __always_inline void copy_user(void *to, u32 size, u64 from)
{
	if (bpf_probe_read_user(to, size, (const void *)from))
		count(RECORDER_COUNT_PAGE_FAULTS);
}

/* Fills the address from the call's argument: struct sockaddr_un, sockaddr_in, sockaddr_in6. */
static __always_inline void copy_address(struct recorder_connect *to, u64 address, u32 size)
{
	u32 path = size - sizeof(to->family);
	u16 port = 0;

	if (to->family == AF_UNIX) {
		if (path > UNIX_PATH_BYTES)
			path = UNIX_PATH_BYTES;
		to->path_size = path;
		copy_user(to->address, path, address + 2);
		return;
	}
	copy_user(&port, sizeof(port), address + 2);
	to->port = bpf_ntohs(port);
	if (to->family == AF_INET) {
		copy_user(to->address, 4, address + 4);
		return;
	}
	copy_user(to->address, 16, address + 8);
	copy_user(&to->scope_id, sizeof(to->scope_id), address + 24);
}

/* The same from the socket itself, for results that come later. */
static __always_inline void copy_peer(struct recorder_connect *to, const struct sock *sock)
{
	to->family = BPF_CORE_READ(sock, __sk_common.skc_family);
	to->port = bpf_ntohs(BPF_CORE_READ(sock, __sk_common.skc_dport));
	to->protocol = BPF_CORE_READ(sock, sk_protocol);
	if (to->family == AF_INET6) {
		bpf_core_read(to->address, 16, &sock->__sk_common.skc_v6_daddr);
		to->scope_id = BPF_CORE_READ(sock, __sk_common.skc_bound_dev_if);
	} else {
		bpf_core_read(to->address, 4, &sock->__sk_common.skc_daddr);
	}
}

static __noinline int emit_late_connect(const struct sock *sock, struct connecting *from,
					int result)
{
	struct recorder_session *session = find_session(from->session);
	struct recorder_connect *to;
	struct recorder_event *event;

	if (!session)
		return 0;
	to = reserve_connect(session, from->session, &event);
	if (!to)
		return 0;
	event->pid = from->pid;
	event->tid = from->tid;
	to->start_time = from->start_time;
	to->socket = (u64)sock;
	to->result = result;
	copy_peer(to, sock);
	submit_event(event, wake_flags());
	return 0;
}

/* The call has returned: a result that came before is told now, one that is to come will be. */
static __always_inline void settle(const struct sock *sock, long result)
{
	u64 key = (u64)sock;
	struct connecting *entry = bpf_map_lookup_elem(&connects, &key);

	if (!entry)
		return;
	if (result == -EINPROGRESS) {
		entry->announced = 1;
		if (!entry->done)
			return;
		emit_late_connect(sock, entry, entry->result);
	}
	bpf_map_delete_elem(&connects, &key);
}

/* A call that a signal interrupted goes on connecting. */
static __always_inline long call_result(long result)
{
	return result == -EINTR || result <= -ERESTARTSYS ? -EINPROGRESS : result;
}

static __noinline int record_connect(u64 number, u64 socket_address, u64 address, u32 size,
				     long result)
{
	struct recorder_session *session = find_session(number);
	struct sock *sock = BPF_CORE_READ((struct socket *)socket_address, sk);
	u16 family = address_family(address, size);
	struct recorder_connect *to;
	struct recorder_event *event;

	if (!session || !family)
		return 0;
	to = reserve_connect(session, number, &event);
	if (to) {
		to->start_time = task_start((struct task_struct *)bpf_get_current_task());
		to->socket = (u64)sock;
		to->result = result;
		to->family = family;
		copy_address(to, address, size);
		if (family != AF_UNIX)
			to->protocol = BPF_CORE_READ(sock, sk_protocol);
		submit_event(event, wake_flags());
	}
	settle(sock, result);
	return 0;
}

static __always_inline void on_connect(struct task_struct *task, u32 fd, u64 address, u32 size,
				       long result)
{
	struct member *member = current_member(task);
	struct file *file;

	if (!member || !member->session)
		return;
	file = task_file(task, fd);
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return;
	record_connect(member->session, (u64)BPF_CORE_READ(file, private_data), address, size,
		       call_result(result));
}

#endif
