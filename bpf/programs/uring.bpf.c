// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A runtime that reads and writes by io_uring.
 *
 * Hook: io_uring_complete, which knows the request, its file and its buffer, in
 * the submitter's memory. Attached while a session is alive. Optional: where the
 * hook has no request (5.15), the program is refused.
 * Emits: DATA, GAP, STREAM_END.
 */
#include "record.bpf.h"
#include <bpf/bpf_tracing.h>

/* enum io_uring_op, include/uapi/linux/io_uring.h */
enum {
	OP_READV = 1,
	OP_WRITEV = 2,
	OP_READ_FIXED = 4,
	OP_WRITE_FIXED = 5,
	OP_READ = 22,
	OP_WRITE = 23,
	OP_SPLICE = 30,
	OP_TEE = 33,
	OP_READ_MULTISHOT = 49,
};

static __always_inline void on_request(struct task_struct *task, struct io_kiocb *request,
				       s32 result, u32 flags)
{
	struct io_rw *command = (void *)request;
	struct io io = {
		.address = BPF_CORE_READ(command, addr),
		.count = BPF_CORE_READ(command, len),
		.result = result,
		.flags = flags | IO_URING,
	};

	if (!io.count)
		io.flags |= IO_EMPTY;
	on_io(task, BPF_CORE_READ(request, file), &io);
}

/* A request's file is where a splice goes to; where it comes from is a descriptor of the task. */
static __always_inline void on_splice_request(struct task_struct *task, struct io_kiocb *request,
					      s32 result, bool consumes)
{
	struct io_splice *command = (void *)request;
	struct io io = {.result = result, .flags = IO_URING | IO_UNSEEN};

	if (!BPF_CORE_READ(command, len))
		io.flags |= IO_EMPTY;
	if (consumes)
		on_io(task, task_file(task, BPF_CORE_READ(command, splice_fd_in)), &io);
	io.flags |= IO_WRITE;
	on_io(task, BPF_CORE_READ(request, file), &io);
}

static __always_inline void completed(struct io_kiocb *request, s32 result)
{
	struct task_struct *task = bpf_get_current_task_btf();

	switch (BPF_CORE_READ(request, opcode)) {
	case OP_READ:
	case OP_READ_FIXED:
		return on_request(task, request, result, 0);
	case OP_WRITE:
	case OP_WRITE_FIXED:
		return on_request(task, request, result, IO_WRITE);
	case OP_READV:
		return on_request(task, request, result, IO_IOVECS);
	case OP_WRITEV:
		return on_request(task, request, result, IO_IOVECS | IO_WRITE);
	case OP_READ_MULTISHOT: /* into a buffer that the kernel chose */
		return on_request(task, request, result, IO_UNSEEN);
	case OP_SPLICE:
		return on_splice_request(task, request, result, true);
	case OP_TEE:
		return on_splice_request(task, request, result, false);
	}
}

SEC("tp_btf/io_uring_complete")
int on_io_uring_complete(u64 *context)
{
	if (COMPLETE_HAS_FIELDS)
		completed((void *)context[1], context[3]);
	else if (COMPLETE_HAS_ENTRY)
		completed((void *)context[1], ((struct io_uring_cqe *)context[2])->res);
	else
		return context[NO_SUCH_ARGUMENT];
	return 0;
}
