/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a descriptor to what stands behind it. A stream's key is the address of
 * the pty master's tty_struct or of the pipe's inode: threads, fd passing and
 * dup make no difference to it.
 */
#ifndef RECORDER_FILES_H
#define RECORDER_FILES_H

#include "core_fixes.bpf.h"
#include "counters.bpf.h"

struct stream_key {
	u64 key;   /* 0: neither a pty master nor a pipe, or certainly not registered */
	u64 inode; /* pipe: inode number; 0 for a terminal */
};

/* A pointer that the verifier tracks, as a number: the difference to a typed NULL. */
#define ADDRESS_OF(pointer)        \
	((u64)((char *)(pointer) - \
	       (char *)bpf_rdonly_cast((void *)0, bpf_core_type_id_kernel(struct file))))

static __always_inline u32 filter_slot(u64 key)
{
	return ((key >> 6) ^ (key >> 18)) & (FILTER_SLOTS - 1);
}

static __always_inline bool filter_has(u64 key)
{
	return stream_filter[filter_slot(key)] != 0;
}

/* The current task's open file; its table is stable enough, loads are fault-safe. */
static __always_inline struct file *task_file(struct task_struct *task, u32 fd)
{
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd >= table->max_fds)
		return NULL;
	if (CAN_CAST)
		return CAST(struct file, CAST(struct list_head, table->fd + fd)->next);
	read_kernel(&file, sizeof(file), (u64)(table->fd + fd));
	return file;
}

static __always_inline struct stream_key stream_key_cast(struct file *file)
{
	struct inode *inode = CAST(struct file, file)->f_inode;
	struct stream_key id = {};
	u32 mode = inode->i_mode & S_IFMT;

	if (mode == S_IFIFO) {
		id.inode = inode->i_ino;
		id.key = ADDRESS_OF(inode);
	} else if (mode == S_IFCHR && inode->i_rdev == PTMX_DEV) {
		struct tty_file_private *private =
			CAST(struct tty_file_private, CAST(struct file, file)->private_data);

		id.key = ADDRESS_OF(private->tty);
	}
	return id;
}

/* Before 6.2. */
static __always_inline struct stream_key stream_key_probe(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct stream_key id = {};
	u32 mode = BPF_CORE_READ(inode, i_mode) & S_IFMT;

	if (mode == S_IFIFO) {
		id.inode = BPF_CORE_READ(inode, i_ino);
		id.key = (u64)inode;
	} else if (mode == S_IFCHR && BPF_CORE_READ(inode, i_rdev) == PTMX_DEV) {
		struct tty_file_private *private = BPF_CORE_READ(file, private_data);

		id.key = (u64)BPF_CORE_READ(private, tty);
	}
	return id;
}

static __always_inline struct stream_key any_stream_key(struct file *file)
{
	return CAN_CAST ? stream_key_cast(file) : stream_key_probe(file);
}

/* The same, and 0 where it is certainly not registered. */
static __always_inline struct stream_key stream_key(struct file *file)
{
	struct stream_key id = any_stream_key(file);

	if (!filter_has(id.key))
		id.key = 0;
	return id;
}

/* The pty slave's tty_struct behind a file, or 0. */
static __always_inline u64 slave_tty(struct file *file, struct inode *inode)
{
	u32 device = BPF_CORE_READ(inode, i_rdev);
	struct tty_file_private *private;

	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFCHR)
		return 0;
	/* /dev/tty and /dev/console lead to a tty_struct as well, and theirs may be a pty. */
	if (device != KERNEL_DEV(5u, 0u) && device != KERNEL_DEV(5u, 1u) &&
	    (device >> 20 < PTS_MAJOR_FIRST || device >> 20 > PTS_MAJOR_LAST))
		return 0;
	private = BPF_CORE_READ(file, private_data);
	return (u64)BPF_CORE_READ(private, tty);
}

static __always_inline bool is_pty_slave(u64 tty)
{
	struct tty_struct *slave = (void *)tty;
	int major = BPF_CORE_READ(slave, driver, major);

	return tty && major >= PTS_MAJOR_FIRST && major <= PTS_MAJOR_LAST;
}

static __always_inline u32 source_of(struct inode *inode)
{
	u32 device = BPF_CORE_READ(inode, i_rdev);

	switch (BPF_CORE_READ(inode, i_mode) & S_IFMT) {
	case S_IFIFO:
		return RECORDER_SOURCE_PIPE;
	case S_IFREG:
		return RECORDER_SOURCE_FILE;
	case S_IFSOCK:
		return RECORDER_SOURCE_SOCKET;
	case S_IFCHR:
		return device == NULL_DEV ? RECORDER_SOURCE_NULL : RECORDER_SOURCE_OTHER;
	}
	return RECORDER_SOURCE_OTHER;
}

/* Bytes that stand in a pipe; those in more than 64 buffers are left out. */
static __always_inline u32 pipe_queued(struct inode *inode)
{
	struct pipe_inode_info *pipe = BPF_CORE_READ(inode, i_pipe);
	u64 buffers = (u64)BPF_CORE_READ(pipe, bufs);
	u32 tail = BPF_CORE_READ(pipe, tail);
	u32 used = BPF_CORE_READ(pipe, head) - tail;
	u32 mask = BPF_CORE_READ(pipe, ring_size) - 1;
	u32 total = 0;

	for (u32 i = 0; i < 64; i++) {
		u64 at = buffers + ((tail + i) & mask) * bpf_core_type_size(struct pipe_buffer);

		if (i >= used)
			break;
		total += BPF_CORE_READ((struct pipe_buffer *)at, len);
	}
	return total;
}

#endif
