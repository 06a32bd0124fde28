/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A finished system call, the same for every architecture. Its arguments are
 * still in pt_regs at sys_exit. Numbers: arch/x86/entry/syscalls/syscall_64.tbl,
 * syscall_32.tbl, scripts/syscall.tbl (arm64), arch/arm/tools/syscall.tbl.
 */
#ifndef RECORDER_SYSCALLS_H
#define RECORDER_SYSCALLS_H

#include "kernel.h"

enum call_kind {
	CALL_OTHER,
	CALL_READ,
	CALL_WRITE,
	CALL_READV,
	CALL_WRITEV,
	CALL_IOCTL,
	CALL_OPEN,
	CALL_SPLICE,
	CALL_TEE,
	CALL_VMSPLICE,
	CALL_SENDFILE,
	CALL_CONNECT,
};

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002 /* arch/x86/include/asm/thread_info.h */

static __always_inline bool is_compat(struct task_struct *task)
{
	return task->thread_info.status & TS_COMPAT;
}

static __always_inline u64 call_number(struct pt_regs *regs)
{
	return regs->orig_ax;
}

static __always_inline u64 call_argument(struct pt_regs *regs, u32 index, bool compat)
{
	switch (index) {
	case 0:
		return compat ? (u32)regs->bx : regs->di;
	case 1:
		return compat ? (u32)regs->cx : regs->si;
	default:
		return compat ? (u32)regs->dx : regs->dx;
	}
}

static __always_inline enum call_kind native_kind(u64 number)
{
	switch (number) {
	case 0:
		return CALL_READ;
	case 1:
		return CALL_WRITE;
	case 19:  /* readv */
	case 327: /* preadv2 */
		return CALL_READV;
	case 20:  /* writev */
	case 328: /* pwritev2 */
		return CALL_WRITEV;
	case 16:
		return CALL_IOCTL;
	case 2:	  /* open */
	case 257: /* openat */
	case 437: /* openat2 */
		return CALL_OPEN;
	case 40:
		return CALL_SENDFILE;
	case 42:
		return CALL_CONNECT;
	case 275:
		return CALL_SPLICE;
	case 276:
		return CALL_TEE;
	case 278:
		return CALL_VMSPLICE;
	}
	return CALL_OTHER;
}

static __always_inline enum call_kind compat_kind(u64 number)
{
	switch (number) {
	case 3:
		return CALL_READ;
	case 4:
		return CALL_WRITE;
	case 145: /* readv */
	case 378: /* preadv2 */
		return CALL_READV;
	case 146: /* writev */
	case 379: /* pwritev2 */
		return CALL_WRITEV;
	case 54:
		return CALL_IOCTL;
	case 5:	  /* open */
	case 295: /* openat */
	case 437: /* openat2 */
		return CALL_OPEN;
	case 187: /* sendfile */
	case 239: /* sendfile64 */
		return CALL_SENDFILE;
	case 313:
		return CALL_SPLICE;
	case 315:
		return CALL_TEE;
	case 316:
		return CALL_VMSPLICE;
	case 362:
		return CALL_CONNECT;
	}
	return CALL_OTHER;
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22 /* arch/arm64/include/asm/thread_info.h */

static __always_inline bool is_compat(struct task_struct *task)
{
	return task->thread_info.flags >> TIF_32BIT & 1;
}

static __always_inline u64 call_number(struct pt_regs *regs)
{
	return (u32)regs->syscallno;
}

/* x0 holds the result by now; orig_x0 has the first argument. */
static __always_inline u64 call_argument(struct pt_regs *regs, u32 index, bool compat)
{
	u64 value;

	switch (index) {
	case 0:
		value = regs->orig_x0;
		break;
	case 1:
		value = regs->regs[1];
		break;
	default:
		value = regs->regs[2];
	}
	return compat ? (u32)value : value;
}

static __always_inline enum call_kind native_kind(u64 number)
{
	switch (number) {
	case 63:
		return CALL_READ;
	case 64:
		return CALL_WRITE;
	case 65:  /* readv */
	case 286: /* preadv2 */
		return CALL_READV;
	case 66:  /* writev */
	case 287: /* pwritev2 */
		return CALL_WRITEV;
	case 29:
		return CALL_IOCTL;
	case 56:  /* openat */
	case 437: /* openat2 */
		return CALL_OPEN;
	case 71:
		return CALL_SENDFILE;
	case 75:
		return CALL_VMSPLICE;
	case 76:
		return CALL_SPLICE;
	case 77:
		return CALL_TEE;
	case 203:
		return CALL_CONNECT;
	}
	return CALL_OTHER;
}

static __always_inline enum call_kind compat_kind(u64 number)
{
	switch (number) {
	case 3:
		return CALL_READ;
	case 4:
		return CALL_WRITE;
	case 145: /* readv */
	case 392: /* preadv2 */
		return CALL_READV;
	case 146: /* writev */
	case 393: /* pwritev2 */
		return CALL_WRITEV;
	case 54:
		return CALL_IOCTL;
	case 5:	  /* open */
	case 322: /* openat */
	case 437: /* openat2 */
		return CALL_OPEN;
	case 187: /* sendfile */
	case 239: /* sendfile64 */
		return CALL_SENDFILE;
	case 340:
		return CALL_SPLICE;
	case 342:
		return CALL_TEE;
	case 343:
		return CALL_VMSPLICE;
	case 283:
		return CALL_CONNECT;
	}
	return CALL_OTHER;
}

#else
#error "no system call numbers for this architecture"
#endif

#endif
