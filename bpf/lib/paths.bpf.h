/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths by walking up: bpf_d_path is not allowed in tracepoints. They are
 * written into the workspace from its end down to path_start; what does not fit
 * is lost at the front, and the function returns false.
 */
#ifndef RECORDER_PATHS_H
#define RECORDER_PATHS_H

#include "core_fixes.bpf.h"
#include "counters.bpf.h"
#include "workspace.bpf.h"

#define PATH_COMPONENTS	  40
#define CGROUP_COMPONENTS 16

/* Puts "/name" before what is written; size without the NUL. */
static __always_inline bool prepend(struct workspace *ws, u64 name, u32 size)
{
	u32 position = ws->path_start;

	if (size >= NAME_MAX_BYTES || position < size + 1 || position > PATH_MAX_BYTES)
		return false;
	position -= size;
	if (position > PATH_MAX_BYTES)
		return false;
	bpf_probe_read_kernel(ws->path + position, size, (const void *)name);
	position -= 1;
	if (position >= PATH_MAX_BYTES)
		return false;
	ws->path[position] = '/';
	ws->path_start = position;
	return true;
}

/* A file that is itself a mount that is mounted nowhere: runc runs from one. It has but a name. */
static __always_inline bool name_detached(struct workspace *ws, struct dentry *at)
{
	if (ws->path_start != PATH_MAX_BYTES || BPF_CORE_READ(at, d_parent) == at)
		return true;
	return prepend(ws, (u64)BPF_CORE_READ(at, d_name.name), BPF_CORE_READ(at, d_name.len));
}

/* The path below the task's root, through mounts. */
__weak int write_path(struct workspace *ws, u64 path_address, u64 root_address)
{
	struct path *path = (void *)path_address, *root = (void *)root_address;
	u64 dentry = (u64)BPF_CORE_READ(path, dentry), vfsmount = (u64)BPF_CORE_READ(path, mnt);
	u64 root_dentry = (u64)BPF_CORE_READ(root, dentry);
	u64 root_mount = (u64)BPF_CORE_READ(root, mnt);

	if (!ws)
		return false;
	ws->path_start = PATH_MAX_BYTES;
	for (u32 i = 0; i < PATH_COMPONENTS; i++) {
		struct dentry *at = (void *)dentry;
		u64 parent = (u64)BPF_CORE_READ(at, d_parent);

		if (!dentry || (dentry == root_dentry && vfsmount == root_mount))
			return true;
		if (dentry == (u64)BPF_CORE_READ((struct vfsmount *)vfsmount, mnt_root)) {
			struct mount *mount =
				(void *)(vfsmount - bpf_core_field_offset(struct mount, mnt));
			u64 above = (u64)BPF_CORE_READ(mount, mnt_parent);

			if (!above || above == (u64)mount)
				return name_detached(ws, at);
			dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
			vfsmount = above + bpf_core_field_offset(struct mount, mnt);
			continue;
		}
		if (!prepend(ws, (u64)BPF_CORE_READ(at, d_name.name),
			     BPF_CORE_READ(at, d_name.len)))
			return false;
		if (dentry == parent) /* in no directory: a memfd */
			return true;
		dentry = parent;
	}
	return false;
}

/* The cgroup's path in its hierarchy. */
__weak int write_cgroup_path(struct workspace *ws, u64 start)
{
	struct kernfs_node *node = (void *)start;

	if (!ws)
		return false;
	ws->path_start = PATH_MAX_BYTES;
	for (u32 i = 0; i < CGROUP_COMPONENTS && node; i++) {
		struct kernfs_node *parent = kernfs_parent(node);
		u64 name = (u64)BPF_CORE_READ(node, name);
		long size;

		if (!parent)
			return true;
		size = bpf_probe_read_kernel_str(ws->name, sizeof(ws->name), (const void *)name);
		if (size <= 0) {
			count(RECORDER_COUNT_KERNEL_READ_FAILED);
			return false;
		}
		if (!prepend(ws, (u64)ws->name, size - 1))
			return false;
		node = parent;
	}
	return !node;
}

#endif
