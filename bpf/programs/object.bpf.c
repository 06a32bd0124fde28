// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the object has once: state, settings, the licence, and event types in BTF. */
#define RECORDER_OBJECT
#include "maps.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const struct recorder_event *event_type __attribute__((unused));
const struct recorder_start *start_type __attribute__((unused));
const struct recorder_process *process_type __attribute__((unused));
const struct recorder_fork *fork_type __attribute__((unused));
const struct recorder_exit *exit_type __attribute__((unused));
const struct recorder_connect *connect_type __attribute__((unused));
const struct recorder_close *close_type __attribute__((unused));
