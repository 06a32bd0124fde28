/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What we rely on in the kernel: each structure with only the fields that are
 * used. Offsets are relocated at load (CO-RE), so order and gaps mean nothing.
 * Fields that moved between versions are in lib/core_fixes.bpf.h.
 */
#ifndef RECORDER_KERNEL_H
#define RECORDER_KERNEL_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

/* Errors, by number as system calls return them. */
#define EINTR	     4
#define EIO	     5
#define EPIPE	     32
#define ECONNABORTED 103
#define EINPROGRESS  115
#define ERESTARTSYS  512 /* to ERESTART_RESTARTBLOCK 516: not seen by programs */

/* include/uapi/linux/stat.h */
#define S_IFMT	 0170000
#define S_IFSOCK 0140000
#define S_IFREG	 0100000
#define S_IFCHR	 0020000
#define S_IFIFO	 0010000

/* Device numbers as the kernel keeps them, Documentation/admin-guide/devices.txt */
#define KERNEL_DEV(major, minor) (((major) << 20) | (minor))
#define PTMX_DEV		 KERNEL_DEV(5u, 2u)
#define NULL_DEV		 KERNEL_DEV(1u, 3u)
#define PTS_MAJOR_FIRST		 136
#define PTS_MAJOR_LAST		 143

/* include/uapi/asm-generic/termbits.h; the same on x86 and arm64 */
#define TERMIOS_ICANON 0000002
#define TERMIOS_ECHO   0000010
#define TIOCSWINSZ     0x5414

#define SIGNAL_GROUP_EXIT 4 /* include/linux/sched/signal.h */

/* include/net/tcp_states.h */
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT	2
#define TCP_CLOSE	7

#define AF_UNIX	    1
#define AF_INET	    2
#define AF_INET6    10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17

struct iovec {
	u64 iov_base;
	u64 iov_len;
};

struct compat_iovec {
	u32 iov_base;
	u32 iov_len;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

typedef struct {
	u64 val;
} kernel_cap_t;

struct list_head {
	struct list_head *next;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r10;
	unsigned long bx;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};
#endif

struct thread_info {
	unsigned long flags;
	u32 status; /* x86 */
};

struct super_block {
	u32 s_dev;
};

struct pipe_buffer {
	unsigned int len;
};

struct pipe_inode_info {
	unsigned int head;
	unsigned int tail;
	unsigned int ring_size;
	struct pipe_buffer *bufs;
};

struct inode {
	unsigned short i_mode;
	u32 i_rdev;
	unsigned long i_ino;
	struct pipe_inode_info *i_pipe;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct inode *f_inode;
	void *private_data;
	struct path f_path;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
};

struct ktermios {
	unsigned int c_lflag;
};

struct tty_driver {
	int major;
};

struct tty_struct {
	int index;
	struct tty_driver *driver;
	struct ktermios termios;
	struct winsize winsize;
	struct tty_struct *link; /* the pty's other side */
};

struct tty_file_private {
	struct tty_struct *tty;
};

struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct task_struct;

struct pid_namespace {
	struct task_struct *child_reaper;
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	unsigned int flags;
	int leader;
	struct tty_struct *tty;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	struct file *exe_file;
};

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	kernel_cap_t cap_bset;
	kernel_cap_t cap_ambient;
};

struct kernfs_node {
	const char *name;
	u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_subsys_state *subsys[1];
	struct cgroup_root *root;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

/* Values are the running kernel's: they depend on its configuration. */
enum cgroup_subsys_id {
	memory_cgrp_id,
	pids_cgrp_id,
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int exit_code;
	u32 tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	u64 start_boottime;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	kuid_t loginuid; /* CONFIG_AUDIT */
	struct css_set *cgroups;
	struct mm_struct *mm;
};

struct linux_binprm;

struct in6_addr {
	u8 bytes[16];
};

struct sock_common {
	unsigned short skc_family;
	__be16 skc_dport;
	__be32 skc_daddr;
	int skc_bound_dev_if;
	struct in6_addr skc_v6_daddr;
};

struct sock {
	struct sock_common __sk_common;
	u16 sk_protocol;
	int sk_err;
};

struct socket {
	struct sock *sk;
};

/* A request's command lies at its head: io_kiocb, io_rw, io_splice share an address. */
struct io_kiocb {
	struct file *file;
	u8 opcode;
};

struct io_rw {
	u64 addr;
	u32 len;
};

struct io_splice {
	u64 len;
	int splice_fd_in;
};

struct io_uring_cqe {
	s32 res;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct trace_event_raw_sys_enter {
	unsigned long args[6];
};

#pragma clang attribute pop

#endif
