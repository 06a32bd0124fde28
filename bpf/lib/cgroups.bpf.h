/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a cgroup to a container: the innermost of up to six path components that
 * ends in 64 hex digits (kubepods/pod…/ID, docker-ID.scope, …:cri-containerd:ID),
 * or whose id is in "containers" (runtimes' own names).
 */
#ifndef RECORDER_CGROUPS_H
#define RECORDER_CGROUPS_H

#include "core_fixes.bpf.h"
#include "counters.bpf.h"
#include "workspace.bpf.h"

#define CGROUP_DEPTH   6
#define ID_DIGITS      64
#define SCOPE_SUFFIX   0x65706f63732eULL     /* ".scope", little-endian */
#define SERVICE_SUFFIX 0x656369767265732eULL /* ".service" */
#define CONMON_PREFIX  0x2d6e6f6d6e6f63ULL   /* "conmon-" */

/* 1 where the character is no lower-case hex digit; without branches, for the verifier's sake. */
static __always_inline u32 not_hex(u8 c)
{
	u32 digit = (u32)(c - '0') & 0xff, letter = (u32)(c - 'a') & 0xff;
	u32 bad = ~((digit - 10) | (letter - 6)) >> 31;

	barrier_var(bad);
	return bad;
}

static __always_inline u64 read_word(u64 address, u32 size)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, size, (const void *)address);
	return word;
}

/* Copies the 64 digits that a cgroup's name ends in; conmon's own cgroups are the runtime's. */
__weak int hex_id(struct workspace *ws, u64 name)
{
	u32 bad = 0;
	long size;
	u64 end;

	if (!ws)
		return false;
	size = bpf_probe_read_kernel_str(ws->name, sizeof(ws->name), (const void *)name);
	if (size <= ID_DIGITS)
		return false;
	end = name + size - 1;
	if (size > ID_DIGITS + 6 && read_word(end - 6, 6) == SCOPE_SUFFIX)
		end -= 6;
	if (end - ID_DIGITS >= name + 7 && read_word(end - ID_DIGITS - 7, 7) == CONMON_PREFIX)
		return false;
	if (!read_kernel(ws->found.name, ID_DIGITS, end - ID_DIGITS))
		return false;
	for (u32 i = 0; i < ID_DIGITS; i++)
		bad |= not_hex(ws->found.name[i]);
	return !bad;
}

static __always_inline void clear_name(struct workspace *ws)
{
	__builtin_memset(ws->found.name, 0, sizeof(ws->found.name));
}

/*
 * Walks up from a cgroup. keyed: its ids are those of "containers". On success
 * found.name and found.cgroup_id are the container's, and found.key where keyed.
 */
__weak int walk_cgroup(struct workspace *ws, u64 start, u32 version, u32 keyed)
{
	struct kernfs_node *node = (void *)start;

	if (!ws)
		return false;
	for (u32 i = 0; i < CGROUP_DEPTH && node; i++) {
		u64 id = BPF_CORE_READ(node, id);
		u64 key = version == 1 ? id | RECORDER_CGROUP_V1 : id;
		struct recorder_container *known = NULL;
		int named;

		clear_name(ws);
		named = hex_id(ws, (u64)BPF_CORE_READ(node, name));
		if (!named && keyed) {
			known = bpf_map_lookup_elem(&containers, &key);
			if (known)
				__builtin_memcpy(ws->found.name, known->name, sizeof(known->name));
		}
		if (named || known) {
			ws->found.cgroup_id = id;
			ws->found.version = version;
			ws->found.key = keyed ? key : 0;
			return true;
		}
		node = kernfs_parent(node);
	}
	clear_name(ws);
	return false;
}

static __always_inline u64 unified_node(struct css_set *set)
{
	return (u64)BPF_CORE_READ(set, dfl_cgrp, kn);
}

/* The cgroup in a controller's version 1 hierarchy; the controller's number is the kernel's. */
static __always_inline u64 controller_node(struct css_set *set, u32 controller)
{
	u64 slot =
		(u64)set + bpf_core_field_offset(struct css_set, subsys) + controller * sizeof(u64);
	struct cgroup_subsys_state *state = NULL;

	if (!read_kernel(&state, sizeof(state), slot) || !state)
		return 0;
	return (u64)BPF_CORE_READ(state, cgroup, kn);
}

static __always_inline u64 legacy_node(struct css_set *set)
{
	u64 node = 0;

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		node = controller_node(set,
				       bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
	if (!node && bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		node = controller_node(set,
				       bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
	return node;
}

static __always_inline bool is_root(u64 node)
{
	return !node || !kernfs_parent((struct kernfs_node *)node);
}

/* Fills ws->found: from the unified hierarchy, where it is used, else from version 1. */
static __noinline u64 find_in_set(struct workspace *ws, struct css_set *set)
{
	u64 unified = unified_node(set), legacy;

	clear_name(ws);
	ws->found.key = 0;
	ws->found.cgroup_id = 0;
	ws->found.node = unified;
	ws->found.version = 2;
	if (!force_cgroup_v1 && !is_root(unified)) {
		if (walk_cgroup(ws, unified, 2, true))
			return ws->found.key;
		ws->found.cgroup_id = BPF_CORE_READ((struct kernfs_node *)unified, id);
	}
	legacy = legacy_node(set);
	if (is_root(legacy))
		return 0;
	if (walk_cgroup(ws, legacy, 1, true)) {
		ws->found.node = legacy;
		return ws->found.key;
	}
	if (force_cgroup_v1 || is_root(unified)) {
		ws->found.node = legacy;
		ws->found.version = 1;
		ws->found.cgroup_id = BPF_CORE_READ((struct kernfs_node *)legacy, id);
	}
	return 0;
}

__weak u64 find_container(struct workspace *ws)
{
	return ws ? find_in_set(ws, BPF_CORE_READ(subject(ws), cgroups)) : 0;
}

/* The container of a task that it is not about. */
static __always_inline u64 container_of_parent(struct workspace *ws)
{
	u64 task = ws->task, key;

	ws->task = (u64)BPF_CORE_READ(subject(ws), real_parent);
	key = find_container(ws);
	ws->task = task;
	return key;
}

/* Whether ids of this cgroup's hierarchy are keys of "containers". */
static __always_inline bool is_keyed(struct cgroup *cgroup, u32 version)
{
	u32 pids = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	u64 state = 0;

	if (version == 2)
		return !force_cgroup_v1;
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		return false;
	read_kernel(&state, sizeof(state),
		    (u64)cgroup + bpf_core_field_offset(struct cgroup, subsys) +
			    pids * sizeof(u64));
	return state != 0;
}

/* The same for the cgroup that a task is moved into; true if it is a container's. */
static __always_inline bool find_target(struct workspace *ws, struct cgroup *cgroup)
{
	u32 version = BPF_CORE_READ(cgroup, root, hierarchy_id) == 0 ? 2 : 1;

	ws->found.key = 0;
	return walk_cgroup(ws, (u64)BPF_CORE_READ(cgroup, kn), version, is_keyed(cgroup, version));
}

/* A runtime's own name for a container: its cgroup's. systemd's services are none. */
static __always_inline bool learn_name(struct workspace *ws)
{
	struct kernfs_node *node = (void *)ws->found.node;
	u64 name = (u64)BPF_CORE_READ(node, name);
	long size;

	if (is_root(ws->found.node))
		return false;
	size = bpf_probe_read_kernel_str(ws->name, sizeof(ws->name), (const void *)name);
	if (size <= 1 || (size > 9 && read_word(name + size - 9, 8) == SERVICE_SUFFIX))
		return false;
	clear_name(ws);
	__builtin_memcpy(ws->found.name, ws->name, sizeof(ws->found.name) - 1);
	if (size < (long)sizeof(ws->found.name))
		bpf_probe_read_kernel_str(ws->found.name, sizeof(ws->found.name), ws->name);
	ws->found.key = ws->found.version == 1 ? ws->found.cgroup_id | RECORDER_CGROUP_V1
					       : ws->found.cgroup_id;
	return true;
}

#endif
