/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a task is. By probe, for tasks that the verifier does not know. */
#ifndef RECORDER_TASKS_H
#define RECORDER_TASKS_H

#include "core_fixes.bpf.h"
#include "maps.bpf.h"

static __always_inline u64 task_start(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, start_boottime);
}

static __always_inline u32 pid_level(struct task_struct *task)
{
	return BPF_CORE_READ(task, thread_pid, level);
}

/* The task's number in its pid namespace at a level (its own is the deepest). */
static __always_inline struct upid pid_at(struct task_struct *task, u32 level)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid number = {};
	u64 at = (u64)pid + bpf_core_field_offset(struct pid, numbers) +
		 (level & 31) * bpf_core_type_size(struct upid);

	number.nr = BPF_CORE_READ((struct upid *)at, nr);
	number.ns = BPF_CORE_READ((struct upid *)at, ns);
	return number;
}

static __always_inline u32 ns_pid(struct task_struct *task)
{
	return pid_at(task, pid_level(task)).nr;
}

static __always_inline u32 pid_namespace(struct task_struct *task, u32 level)
{
	struct pid_namespace *ns = pid_at(task, level).ns;

	return BPF_CORE_READ(ns, ns.inum);
}

static __always_inline u32 mnt_namespace(struct task_struct *task)
{
	return BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
}

#endif
