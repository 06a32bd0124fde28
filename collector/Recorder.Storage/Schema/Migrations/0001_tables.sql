-- Frames: the evidence. Copies of a frame that a resend left behind are collapsed on read; differing copies both stay.
CREATE TABLE IF NOT EXISTS frames{local}{on_cluster} (
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    batch UInt64 CODEC(DoubleDelta, ZSTD(1)),
    batch_hash FixedString(32) CODEC(ZSTD(1)),
    batch_time DateTime('UTC') COMMENT 'when the batch was cut, by the node' CODEC(Delta, ZSTD(1)),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    subject UUID CODEC(ZSTD(1)),
    type UInt8 CODEC(ZSTD(1)),
    boottime UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    ts DateTime64(9, 'UTC') COMMENT 'wall time' CODEC(Delta, ZSTD(1)),
    stream UInt8 DEFAULT 255 COMMENT '0 in, 1 out, 2 err, 255 none' CODEC(ZSTD(1)),
    offset UInt64 COMMENT 'bytes; STREAM_END: total' CODEC(Delta, ZSTD(1)),
    length UInt64 COMMENT 'bytes; 0 if not known' CODEC(T64, ZSTD(1)),
    length_known UInt8 DEFAULT 1 CODEC(ZSTD(1)),
    flags UInt8 COMMENT 'DATA flags, GAP reason, STREAM_END and SESSION_END cause' CODEC(ZSTD(1)),
    place UInt8 COMMENT 'GAP place' CODEC(ZSTD(1)),
    elements UInt32 COMMENT 'elements of the frame''s body' CODEC(ZSTD(1)),
    data String COMMENT 'DATA: the bytes; other types: the encoded body' CODEC(ZSTD(1)),
    tail String COMMENT 'DATA: encoded elements after the bytes' CODEC(ZSTD(1)),
    INDEX ix_boottime boottime TYPE minmax GRANULARITY 1
) ENGINE = {engine}
PARTITION BY toYYYYMMDD(batch_time)
PRIMARY KEY (UUIDToNum(subject), epoch, seq)
ORDER BY (UUIDToNum(subject), epoch, seq, batch_hash)
SETTINGS index_granularity = 1024{durable};
{distributed frames}

-- One row per stored batch, written after everything else of it: what it lists is durable and acknowledged.
CREATE TABLE IF NOT EXISTS batches{local}{on_cluster} (
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    number UInt64 CODEC(DoubleDelta, ZSTD(1)),
    first_seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    last_seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    hash FixedString(32) CODEC(NONE),
    previous FixedString(32) CODEC(NONE),
    boot_id UUID CODEC(ZSTD(1)),
    boottime UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    ts DateTime64(9, 'UTC') COMMENT 'the same instant, wall time of the node' CODEC(Delta, ZSTD(1)),
    received DateTime64(9, 'UTC') COMMENT 'wall time of the collector' CODEC(Delta, ZSTD(1)),
    bytes UInt64 COMMENT 'size of the batch' CODEC(T64, ZSTD(1)),
    subjects Array(UUID) COMMENT 'subject of each section' CODEC(ZSTD(1)),
    previous_heads Array(FixedString(32)) COMMENT 'previous head of each section' CODEC(ZSTD(1)),
    header String COMMENT 'the encoded header' CODEC(ZSTD(1)),
    INDEX ix_seq (first_seq, last_seq) TYPE minmax GRANULARITY 1
) ENGINE = {replacing}
PARTITION BY toYYYYMM(ts)
PRIMARY KEY (origin, epoch, number)
ORDER BY (origin, epoch, number, hash)
SETTINGS index_granularity = 8192{durable};
{distributed batches}

-- The newest SESSION snapshot of each session.
CREATE TABLE IF NOT EXISTS sessions{local}{on_cluster} (
    id UUID CODEC(ZSTD(1)),
    revision UInt64 CODEC(T64, ZSTD(1)),
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    seq UInt64 CODEC(T64, ZSTD(1)),
    boot_id UUID CODEC(ZSTD(1)),
    kind LowCardinality(String),
    depth LowCardinality(String),
    ended UInt8 COMMENT '1: the snapshot says so',
    late UInt8,
    tty UInt8,
    started DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_at Nullable(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    started_boottime UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    exit_code Nullable(Int32) CODEC(ZSTD(1)),
    signal Nullable(Int32) CODEC(ZSTD(1)),
    parent Nullable(UUID) CODEC(ZSTD(1)),
    cluster LowCardinality(String),
    node LowCardinality(String),
    namespace LowCardinality(String),
    pod String CODEC(ZSTD(1)),
    pod_uid String CODEC(ZSTD(1)),
    service_account LowCardinality(String),
    container LowCardinality(String),
    container_id String CODEC(ZSTD(1)),
    image LowCardinality(String),
    runtime LowCardinality(String),
    user LowCardinality(String),
    uid Nullable(UInt32) CODEC(ZSTD(1)),
    gid Nullable(UInt32) CODEC(ZSTD(1)),
    login_uid Nullable(UInt32) CODEC(ZSTD(1)),
    command Array(String) CODEC(ZSTD(1)),
    exe String CODEC(ZSTD(1)),
    cwd String CODEC(ZSTD(1)),
    root_pid Nullable(UInt32) CODEC(ZSTD(1)),
    root_start Nullable(UInt64) COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(ZSTD(1)),
    terminal String CODEC(ZSTD(1)),
    terminal_columns Nullable(UInt32) CODEC(ZSTD(1)),
    terminal_rows Nullable(UInt32) CODEC(ZSTD(1)),
    streams Array(UInt8) CODEC(ZSTD(1)),
    sources Array(LowCardinality(String)) COMMENT 'what stands behind each of streams',
    labels Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    command_line String MATERIALIZED arrayStringConcat(command, ' ') CODEC(ZSTD(1)),
    INDEX ix_started started TYPE minmax GRANULARITY 1,
    INDEX ix_pod pod TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX ix_namespace namespace TYPE set(256) GRANULARITY 1,
    INDEX ix_user user TYPE set(256) GRANULARITY 1,
    INDEX ix_command command_line TYPE ngrambf_v1(3, 16384, 3, 0) GRANULARITY 1
) ENGINE = {replacing revision}
ORDER BY UUIDToNum(id)
SETTINGS index_granularity = 1024{durable};
{distributed sessions}

-- What each process of a session did.
CREATE TABLE IF NOT EXISTS process_events{local}{on_cluster} (
    session UUID CODEC(ZSTD(1)),
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    type UInt8 COMMENT '7 FORK, 8 EXEC, 9 EXIT' CODEC(ZSTD(1)),
    boottime UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    ts DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    pid UInt32 CODEC(T64, ZSTD(1)),
    start UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    ppid Nullable(UInt32) CODEC(ZSTD(1)),
    parent_start Nullable(UInt64) CODEC(ZSTD(1)),
    ns_pid Nullable(UInt32) CODEC(ZSTD(1)),
    exe String CODEC(ZSTD(1)),
    cwd String CODEC(ZSTD(1)),
    argv Array(String) CODEC(ZSTD(1)),
    argv_bytes Nullable(UInt32) CODEC(ZSTD(1)),
    comm String CODEC(ZSTD(1)),
    uid Nullable(UInt32) CODEC(ZSTD(1)),
    gid Nullable(UInt32) CODEC(ZSTD(1)),
    euid Nullable(UInt32) CODEC(ZSTD(1)),
    egid Nullable(UInt32) CODEC(ZSTD(1)),
    login_uid Nullable(UInt32) CODEC(ZSTD(1)),
    cap_effective Nullable(UInt64) CODEC(ZSTD(1)),
    cap_permitted Nullable(UInt64) CODEC(ZSTD(1)),
    cap_inheritable Nullable(UInt64) CODEC(ZSTD(1)),
    cap_bounding Nullable(UInt64) CODEC(ZSTD(1)),
    cap_ambient Nullable(UInt64) CODEC(ZSTD(1)),
    late UInt8,
    exit_code Nullable(Int32) CODEC(ZSTD(1)),
    signal Nullable(Int32) CODEC(ZSTD(1)),
    core_dumped UInt8,
    argv_line String MATERIALIZED arrayStringConcat(argv, ' ') CODEC(ZSTD(1)),
    INDEX ix_ts ts TYPE minmax GRANULARITY 1,
    INDEX ix_exe exe TYPE ngrambf_v1(3, 16384, 3, 0) GRANULARITY 1,
    INDEX ix_argv argv_line TYPE ngrambf_v1(3, 32768, 3, 0) GRANULARITY 1
) ENGINE = {replacing}
ORDER BY (UUIDToNum(session), epoch, seq)
SETTINGS index_granularity = 8192{durable};
{distributed process_events}

-- Outbound connects.
CREATE TABLE IF NOT EXISTS connections{local}{on_cluster} (
    session UUID CODEC(ZSTD(1)),
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    boottime UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    ts DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    pid UInt32 CODEC(T64, ZSTD(1)),
    start UInt64 COMMENT 'ns of the node''s CLOCK_BOOTTIME' CODEC(Delta, ZSTD(1)),
    socket UInt64 CODEC(ZSTD(1)),
    family UInt16 COMMENT '1 AF_UNIX, 2 AF_INET, 10 AF_INET6' CODEC(ZSTD(1)),
    protocol UInt16 COMMENT '6 TCP, 17 UDP' CODEC(ZSTD(1)),
    address String COMMENT '4 or 16 bytes, or a path' CODEC(ZSTD(1)),
    port UInt16 CODEC(ZSTD(1)),
    result Int32 COMMENT '0 or a positive errno' CODEC(ZSTD(1)),
    INDEX ix_ts ts TYPE minmax GRANULARITY 1,
    INDEX ix_address address TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = {replacing}
ORDER BY (UUIDToNum(session), epoch, seq)
SETTINGS index_granularity = 8192{durable};
{distributed connections}

-- What the frames of an ended session prove about loss. version: distinct frames that it was computed from.
CREATE TABLE IF NOT EXISTS session_verdicts{local}{on_cluster} (
    session UUID CODEC(ZSTD(1)),
    origin UUID CODEC(ZSTD(1)),
    version UInt64 CODEC(T64, ZSTD(1)),
    computed DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    verdict UInt8 COMMENT '0 OPEN, 1 COMPLETE, 2 GAPPED, 3 UNPROVEN',
    proof UInt8 COMMENT '0 NONE, 1 PENDING, 2 ANCHORED, 3 FAILED',
    reasons Array(String) CODEC(ZSTD(1)),
    ended_at Nullable(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    exit_code Nullable(Int32) CODEC(ZSTD(1)),
    signal Nullable(Int32) CODEC(ZSTD(1)),
    streams Array(UInt8) CODEC(ZSTD(1)),
    bytes Array(UInt64) CODEC(ZSTD(1)),
    gaps Array(UInt64) COMMENT 'GAP frames and holes' CODEC(ZSTD(1)),
    gap_bytes Array(UInt64) CODEC(ZSTD(1)),
    length Array(UInt64) CODEC(ZSTD(1)),
    stream_ended Array(UInt8) CODEC(ZSTD(1))
) ENGINE = {replacing version}
ORDER BY UUIDToNum(session)
SETTINGS index_granularity = 1024{durable};
{distributed session_verdicts}

-- Who said HELLO last.
CREATE TABLE IF NOT EXISTS origins{local}{on_cluster} (
    origin UUID,
    seen DateTime64(9, 'UTC') COMMENT 'wall time of the collector',
    cluster LowCardinality(String),
    node String,
    node_uid String,
    boot_id UUID,
    epoch UUID,
    previous_epoch Nullable(UUID),
    agent LowCardinality(String),
    kernel LowCardinality(String),
    architecture LowCardinality(String)
) ENGINE = {replacing seen}
ORDER BY origin
SETTINGS index_granularity = 8192{durable};
{distributed origins}

-- NODE frames.
CREATE TABLE IF NOT EXISTS heartbeats{local}{on_cluster} (
    origin UUID CODEC(ZSTD(1)),
    epoch UUID CODEC(ZSTD(1)),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    ts DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    sessions Nullable(UInt64) CODEC(ZSTD(1)),
    capture LowCardinality(String),
    ring_bytes Nullable(UInt64) CODEC(ZSTD(1)),
    queue_bytes Nullable(UInt64) CODEC(ZSTD(1)),
    queued_bytes Nullable(UInt64) CODEC(ZSTD(1)),
    program_names Array(LowCardinality(String)),
    program_states Array(LowCardinality(String)),
    program_details Array(String) CODEC(ZSTD(1)),
    counters Map(LowCardinality(String), UInt64)
) ENGINE = {replacing}
PARTITION BY toYYYYMM(ts)
ORDER BY (origin, ts, epoch, seq)
SETTINGS index_granularity = 8192{durable};
{distributed heartbeats}

-- Exec probes that were counted: count is since the agent's start, so an epoch's newest row is the epoch's sum.
CREATE TABLE IF NOT EXISTS probes{local}{on_cluster} (
    origin UUID,
    epoch UUID,
    namespace LowCardinality(String),
    pod String,
    container String,
    container_id String,
    command Array(String),
    seq UInt64,
    count UInt64,
    first Nullable(DateTime64(9, 'UTC')),
    last Nullable(DateTime64(9, 'UTC'))
) ENGINE = {replacing seq}
ORDER BY (origin, epoch, namespace, pod, container, container_id, command)
SETTINGS index_granularity = 8192{durable};
{distributed probes}

-- Containers that can't be recorded.
CREATE TABLE IF NOT EXISTS unrecordable{local}{on_cluster} (
    origin UUID,
    namespace LowCardinality(String),
    pod String,
    container String,
    container_id String,
    runtime LowCardinality(String),
    reason String,
    ts DateTime64(9, 'UTC')
) ENGINE = {replacing ts}
ORDER BY (origin, namespace, pod, container, container_id, reason)
SETTINGS index_granularity = 8192{durable};
{distributed unrecordable}
