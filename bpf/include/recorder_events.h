/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel programs tell the agent: one ring buffer of records, each a
 * struct recorder_event and, by type, a payload behind it. Little-endian hosts
 * only; layouts are checked against the object's BTF by the agent's tests.
 *
 * Times are CLOCK_BOOTTIME nanoseconds. Pids are thread group ids as the host's
 * pid namespace sees them. A process is named by (pid, start_time) together.
 */
#ifndef RECORDER_EVENTS_H
#define RECORDER_EVENTS_H

enum recorder_event_type {
	RECORDER_PENDING = 1, /* a task entered a container: attach the stream programs now */
	RECORDER_START,	      /* the pending entry became a session; payload: recorder_start */
	RECORDER_DROP,	      /* the pending entry is no session: forget what came for it */
	RECORDER_CONTAINER,   /* a container's first process; session 0; payload: recorder_start */
	RECORDER_DATA,	      /* stream bytes; payload: size bytes */
	RECORDER_GAP,	      /* length stream bytes that could not be read; reason says why */
	RECORDER_STREAM_END,  /* nothing follows; offset is the stream's total */
	RECORDER_RESIZE,      /* value is columns << 16 | rows */
	RECORDER_FORK,	      /* payload: recorder_fork */
	RECORDER_EXEC,	      /* payload: recorder_process and its strings */
	RECORDER_EXIT,	      /* value is the wait status; payload: recorder_exit */
	RECORDER_CONNECT,     /* payload: recorder_connect */
};

/* Streams of a session. A terminal has IN and OUT. */
enum recorder_stream {
	RECORDER_IN,
	RECORDER_OUT,
	RECORDER_ERR,
	RECORDER_STREAMS,
};

/* Why a session began: what entered, from where. */
enum recorder_kind {
	RECORDER_KIND_INIT = 1, /* a container's first process, with a terminal or piped stdin */
	RECORDER_KIND_EXEC,	/* a later entry into a container's cgroup */
	RECORDER_KIND_NSENTER,	/* into a container's namespaces, but not its cgroup */
	RECORDER_KIND_TERMINAL, /* a host terminal: ssh, login, script, tmux */
};

/* Values equal Recorder.Wire's GapReason. */
enum recorder_gap_reason {
	RECORDER_GAP_RING_FULL = 1,
	RECORDER_GAP_TRUNCATED = 2,  /* larger than one call can emit */
	RECORDER_GAP_PAGE_FAULT = 3, /* the user buffer could not be read */
	RECORDER_GAP_MAP_FULL = 4,
	RECORDER_GAP_PROGRAM_MISSED = 5, /* splice and the like: never in user memory */
};

/* Why a stream ended. Values equal Recorder.Wire's StreamEndCause. */
enum recorder_end_cause {
	RECORDER_END_EOF = 1,	  /* the reader saw end of file */
	RECORDER_END_HANGUP = 2,  /* terminal hung up (EIO), or reader gone (EPIPE) */
	RECORDER_END_SESSION = 3, /* no process is left to read it, or close_session ended it */
};

/* Flags of RECORDER_DATA. */
enum recorder_data_flags {
	RECORDER_DATA_MASKED = 1, /* cooked input with echo off: length counts, no bytes follow */
	RECORDER_DATA_RAW = 2,	  /* terminal input while not canonical */
	RECORDER_DATA_IO_URING = 4,
	RECORDER_DATA_MORE = 8,	   /* a later chunk of the same call follows */
	RECORDER_DATA_EARLY = 16,  /* before the session's START */
	RECORDER_DATA_COMPAT = 32, /* by a 32-bit system call */
};

/* Flags of a recorder_process and a recorder_start. */
enum recorder_process_flags {
	RECORDER_ARGV_TRUNCATED = 1,
	RECORDER_ARGV_UNREADABLE = 2, /* paged out, or read by the iterator: take it from /proc */
	RECORDER_PATH_TRUNCATED = 4,
	RECORDER_LATE = 8, /* already running when the programs were attached */
};

/* What stands behind a descriptor at the session's start. */
enum recorder_source {
	RECORDER_SOURCE_NONE, /* closed */
	RECORDER_SOURCE_TTY,
	RECORDER_SOURCE_PIPE,
	RECORDER_SOURCE_NULL,	/* /dev/null: nothing to record */
	RECORDER_SOURCE_FILE,	/* not recorded */
	RECORDER_SOURCE_SOCKET, /* not recorded */
	RECORDER_SOURCE_OTHER,	/* not recorded */
};

/* Per-CPU counters, map "counters"; index is the meaning. */
enum recorder_counter {
	RECORDER_COUNT_EVENTS,
	RECORDER_COUNT_RING_FULL_EVENTS,  /* records that found no room, of any type */
	RECORDER_COUNT_RING_FULL_BYTES,	  /* stream bytes among them */
	RECORDER_COUNT_RING_FULL_CONTROL, /* START, EXEC, EXIT, … among them */
	RECORDER_COUNT_PAGE_FAULTS,
	RECORDER_COUNT_PAGE_FAULT_BYTES,
	RECORDER_COUNT_KERNEL_READ_FAILED,
	RECORDER_COUNT_SESSIONS_FULL,
	RECORDER_COUNT_STREAMS_FULL,
	RECORDER_COUNT_CONTAINERS_FULL,
	RECORDER_COUNT_PENDING_FULL,
	RECORDER_COUNT_MEMBERS_FULL, /* task storage could not be made */
	RECORDER_COUNT_UNSEEN_BYTES, /* splice and the like */
	RECORDER_COUNT_TRUNCATED_BYTES,
	RECORDER_COUNT_STALE_STREAMS, /* recycled keys that were dropped */
	RECORDER_COUNT_MASKED_BYTES,
	RECORDER_COUNT_COMPAT_CALLS, /* 32-bit system calls of a runtime on a recorded stream */
	RECORDER_COUNTERS,
};

struct recorder_event {
	unsigned short type;	    /* enum recorder_event_type */
	unsigned char stream;	    /* enum recorder_stream */
	unsigned char reason;	    /* GAP: recorder_gap_reason; STREAM_END: recorder_end_cause */
	unsigned int size;	    /* payload bytes that follow and are valid */
	unsigned long long session; /* number of the session in this load of the programs, from 1 */
	unsigned long long seq; /* event number in the session, from 0: a hole is a lost event */
	unsigned long long time;
	unsigned long long
		offset; /* DATA, GAP: first byte's offset, given before the ring was asked */
	unsigned long long length; /* DATA, GAP: stream bytes that this record stands for */
	unsigned int pid;	   /* who made the call */
	unsigned int tid;
	unsigned int flags;
	unsigned int value;
};

/* Strings follow in this order: argv (NUL separated, as in memory), exe, cwd. */
struct recorder_process {
	unsigned long long start_time;
	unsigned long long parent_start_time;
	unsigned long long cap_effective;
	unsigned long long cap_permitted;
	unsigned long long cap_inheritable;
	unsigned long long cap_bounding;
	unsigned long long cap_ambient;
	unsigned int pid;
	unsigned int ppid;
	unsigned int ns_pid; /* pid in the innermost namespace */
	unsigned int flags;  /* enum recorder_process_flags */
	unsigned int uid;
	unsigned int gid;
	unsigned int euid;
	unsigned int egid;
	unsigned int login_uid;	 /* 0xffffffff: not set */
	unsigned int pid_ns;	 /* inode number */
	unsigned int mnt_ns;	 /* inode number */
	unsigned int argv_total; /* bytes of the whole argv, also where it was cut */
	unsigned short argv_size;
	unsigned short exe_size;
	unsigned short cwd_size;
	unsigned short reserved;
	char comm[16];
	char parent_comm[16];
};

struct recorder_stdio {
	unsigned long long inode;
	unsigned int source; /* enum recorder_source */
	unsigned int queued; /* bytes that stood in the pipe when it was found */
};

/* Strings follow: cgroup path, then those of the process. */
struct recorder_start {
	unsigned long long cgroup_id;
	unsigned long long parent_session; /* 0: none */
	unsigned long long tty_key;	   /* 0: no terminal */
	unsigned int kind;		   /* enum recorder_kind */
	unsigned int cgroup_version;	   /* 1, 2; 0: none of a container */
	unsigned int tty_index;		   /* pts number */
	unsigned short columns;
	unsigned short rows;
	unsigned int root_pid_level; /* depth of the pid namespace */
	unsigned short cgroup_size;
	unsigned short streams; /* bit per enum recorder_stream that this session owns */
	char container[72];	/* 64 hex digits, or a runtime's own name; NUL padded */
	struct recorder_stdio stdio[3];
	struct recorder_process process;
};

struct recorder_fork {
	unsigned long long start_time;
	unsigned long long parent_start_time;
	unsigned int pid;
	unsigned int ppid;
	unsigned int ns_pid;
	unsigned int live; /* processes of the session now, this one included */
};

struct recorder_exit {
	unsigned long long start_time;
	unsigned int live; /* processes of the session that remain */
	unsigned int reserved;
};

struct recorder_connect {
	unsigned long long start_time; /* of the process */
	unsigned long long socket;     /* names the socket until it is closed */
	unsigned short family;	       /* AF_INET 2, AF_INET6 10, AF_UNIX 1 */
	unsigned short port;	       /* host order */
	unsigned short protocol;       /* IPPROTO_TCP 6, IPPROTO_UDP 17, 0 for AF_UNIX */
	unsigned short path_size;      /* AF_UNIX: bytes of address used */
	int result;		    /* 0, or -errno; -EINPROGRESS is followed by a second record */
	unsigned int scope_id;	    /* IPv6 */
	unsigned char address[108]; /* network order; AF_UNIX: path */
	unsigned int reserved;
};

/*
 * Value of map "sessions", key: the session's number. User space reads it for
 * final totals and to adopt sessions, and deletes it when it is done with the
 * session. kind is 0 while the entry is pending. A session without a bit in
 * streams ends when live is 0; otherwise close_session ends what is left.
 */
struct recorder_session {
	unsigned long long seq;			    /* next event number */
	unsigned long long bytes[RECORDER_STREAMS]; /* next offset: the total so far */
	unsigned long long dropped_bytes[RECORDER_STREAMS];
	unsigned long long dropped_events[RECORDER_STREAMS];
	unsigned long long dropped_control; /* events that belong to no stream */
	unsigned long long started;	    /* when it was found, or became pending */
	unsigned long long root_start_time;
	unsigned long long container;			/* key in "containers"; 0: none */
	unsigned long long parent_session;		/* 0: none */
	unsigned long long tty_key;			/* key in "streams"; 0: no terminal */
	unsigned long long pipe_keys[RECORDER_STREAMS]; /* keys in "streams"; 0: no pipe */
	unsigned int queued[RECORDER_STREAMS]; /* bytes in the pipe when it was registered */
	unsigned int root_pid;
	unsigned int kind;	/* enum recorder_kind */
	unsigned int pid_level; /* depth of the pid namespace */
	int live;		/* processes */
	int pending;		/* tasks of the runtime that may yet become the session */
	unsigned int streams;	/* bit per stream that was registered */
	unsigned int ended;	/* bit per stream that has ended */
	unsigned int reserved;
};

/* Value of map "streams", key: address of the master's tty_struct or of the pipe's inode. */
struct recorder_stream_owner {
	unsigned long long session;
	unsigned long long inode; /* pipe: its inode number, since addresses are used again */
	unsigned int tty;	  /* 1: a terminal, IN and OUT */
	unsigned int stream;	  /* pipe: enum recorder_stream */
};

/*
 * Value of map "containers". Its key is the id of the container's cgroup, with
 * RECORDER_CGROUP_V1 set for an id of a version 1 hierarchy (the pids controller's,
 * else the memory controller's): ids are unique in one hierarchy only.
 */
#define RECORDER_CGROUP_V1 (1ull << 63)

struct recorder_container {
	unsigned long long init_start_time;
	unsigned int init_pid;
	unsigned int mnt_ns; /* inode number; 0: the host's */
	unsigned int pid_ns; /* inode number; 0: the host's */
	unsigned int reserved;
	char name[72]; /* 64 hex digits, or a runtime's own name; NUL padded */
};

/* Context of close_session, run by BPF_PROG_TEST_RUN. */
struct recorder_close {
	unsigned long long session;
};

#endif
