/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What changed between the kernels we run on. Each entry names the change; the
 * choice is made at load time by CO-RE, so the code not taken is never verified.
 */
#ifndef RECORDER_CORE_FIXES_H
#define RECORDER_CORE_FIXES_H

#include "kernel.h"
#include <stddef.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * 6.15, 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent"):
 * kernfs_node.parent became __parent.
 */
struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
} __attribute__((preserve_access_index));

struct kernfs_node___since_6_15 {
	struct kernfs_node *__parent;
} __attribute__((preserve_access_index));

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___before_6_15 *before = (void *)node;
	struct kernfs_node___since_6_15 *since = (void *)node;

	if (bpf_core_field_exists(before->parent))
		return BPF_CORE_READ(before, parent);
	return BPF_CORE_READ(since, __parent);
}

/*
 * 6.2, a35b9af4ec2c ("bpf: Add a kfunc for generic type cast"): a load through
 * bpf_rdonly_cast costs no helper call. Its enumerator came with it, and unlike
 * the function's address can be asked for in BTF on every kernel.
 */
enum special_kfunc_type {
	KF_bpf_rdonly_cast,
};

/*
 * Only the program file on the hot path uses it (RECORDER_CAST): the linker of
 * libbpf 1.1 can't join objects that share a kernel function.
 */
#ifdef RECORDER_CAST
extern void *bpf_rdonly_cast(const void *pointer, u32 type) __ksym __weak;
#define CAN_CAST bpf_core_enum_value_exists(enum special_kfunc_type, KF_bpf_rdonly_cast)
#else
static __always_inline void *bpf_rdonly_cast(const void *pointer, u32 type)
{
	return NULL;
}
#define CAN_CAST 0
#endif

#define CAST(type, pointer) \
	((type *)bpf_rdonly_cast((const void *)(pointer), bpf_core_type_id_kernel(type)))

/* 5.17, e6f2dd0f8067 ("bpf: Add bpf_loop helper"); before it, loops are bounded. */
#define CAN_LOOP bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)

/*
 * io_uring_complete: first without the request, then with the request and the
 * completion's fields (6.1 and 6.12 have this one), then with the completion
 * entry itself (6.18). What the kernel has is found by comparing prototypes.
 */
/* Complete, since only then its kind is compared as a structure's. */
struct io_ring_ctx {
};

typedef void (*btf_trace_io_uring_complete___fields)(void *, void *, void *, u64, int, unsigned int,
						     u64, u64);
typedef void (*btf_trace_io_uring_complete___entry)(void *, struct io_ring_ctx *, void *,
						    struct io_uring_cqe *);

#define COMPLETE_HAS_FIELDS bpf_core_type_exists(btf_trace_io_uring_complete___fields)
#define COMPLETE_HAS_ENTRY  bpf_core_type_exists(btf_trace_io_uring_complete___entry)
#define NO_SUCH_ARGUMENT    11 /* reading it makes the verifier refuse the program */

#endif
