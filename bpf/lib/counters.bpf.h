/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef RECORDER_COUNTERS_H
#define RECORDER_COUNTERS_H

#include "maps.bpf.h"
#include <bpf/bpf_core_read.h>

static __always_inline void count_many(enum recorder_counter counter, u64 amount)
{
	u32 key = counter;
	u64 *value = bpf_map_lookup_elem(&counters, &key);

	if (value)
		__sync_fetch_and_add(value, amount); /* a program can be interrupted by another */
}

static __always_inline void count(enum recorder_counter counter)
{
	count_many(counter, 1);
}

/* A read from kernel memory that is expected to succeed. */
static __always_inline bool read_kernel(void *to, u32 size, u64 from)
{
	if (!bpf_probe_read_kernel(to, size, (const void *)from))
		return true;
	count(RECORDER_COUNT_KERNEL_READ_FAILED);
	return false;
}

#endif
