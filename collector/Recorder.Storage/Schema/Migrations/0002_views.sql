-- The stable face for dashboards: names instead of numbers, newest rows only.
CREATE VIEW IF NOT EXISTS v_sessions{on_cluster} AS
SELECT
    s.id AS id, s.kind AS kind, s.depth AS depth, if(s.ended OR v.session = s.id, 'ended', 'open') AS state,
    s.tty = 1 AS tty, s.late = 1 AS late, s.cluster AS cluster, s.node AS node, s.namespace AS namespace, s.pod AS pod,
    s.pod_uid AS pod_uid, s.service_account AS service_account, s.container AS container, s.container_id AS container_id,
    s.image AS image, s.runtime AS runtime, s.user AS user, s.uid AS uid, s.gid AS gid, s.login_uid AS login_uid,
    s.command AS command, s.command_line AS command_line, s.exe AS exe, s.cwd AS cwd, s.parent AS parent,
    s.started AS started, coalesce(s.ended_at, v.ended_at) AS ended, coalesce(s.exit_code, v.exit_code) AS exit_code,
    coalesce(s.signal, v.signal) AS signal,
    if(v.session = s.id, ['OPEN', 'COMPLETE', 'GAPPED', 'UNPROVEN'][v.verdict + 1], if(s.ended, 'UNPROVEN', 'OPEN')) AS verdict,
    v.reasons AS reasons, ['NONE', 'PENDING', 'ANCHORED', 'FAILED'][v.proof + 1] AS proof,
    v.bytes[indexOf(v.streams, 0)] AS in_bytes, v.bytes[indexOf(v.streams, 1)] AS out_bytes, v.bytes[indexOf(v.streams, 2)] AS err_bytes,
    arraySum(v.gaps) AS gaps, arraySum(v.gap_bytes) AS gap_bytes, s.labels AS labels, s.origin AS origin
FROM (SELECT *, command_line FROM sessions FINAL) AS s
GLOBAL ANY LEFT JOIN (SELECT * FROM session_verdicts FINAL) AS v ON v.session = s.id;

CREATE VIEW IF NOT EXISTS v_processes{on_cluster} AS
SELECT session, ts, ['FORK', 'EXEC', 'EXIT'][type - 6] AS event, pid, start, ppid, parent_start, ns_pid, exe, cwd, argv, argv_line,
    comm, uid, gid, euid, egid, login_uid, cap_effective, late = 1 AS late, exit_code, signal, core_dumped = 1 AS core_dumped, origin
FROM process_events FINAL;

CREATE VIEW IF NOT EXISTS v_connections{on_cluster} AS
SELECT session, ts, pid, start,
    multiIf(family = 1, 'unix', family = 2, 'ipv4', family = 10, 'ipv6', toString(family)) AS family_name,
    multiIf(protocol = 6, 'tcp', protocol = 17, 'udp', '') AS protocol_name,
    multiIf(family = 2, IPv4NumToString(reinterpretAsUInt32(reverse(address))),
            family = 10, IPv6NumToString(toFixedString(if(length(address) = 16, address, repeat('\0', 16)), 16)), address) AS address_text,
    port, result, origin
FROM connections FINAL;

CREATE VIEW IF NOT EXISTS v_gaps{on_cluster} AS
SELECT DISTINCT subject AS session, ts, ['in', 'out', 'err'][stream + 1] AS stream_name, offset,
    if(length_known = 1, length, NULL) AS bytes,
    ['RING_FULL', 'TRUNCATED', 'PAGE_FAULT', 'MAP_FULL', 'PROGRAM_MISSED', 'AGENT_DOWN', 'SPOOL_FULL', 'CORRUPT', 'POLICY', 'OPEN_LATE'][flags] AS reason,
    ['kernel', 'agent', 'queue', 'collector'][place] AS place_name, epoch, seq, origin
FROM frames WHERE type = 3;

CREATE VIEW IF NOT EXISTS v_origins{on_cluster} AS
SELECT o.origin AS origin, o.cluster AS cluster, o.node AS node, o.agent AS agent, o.kernel AS kernel, o.architecture AS architecture,
    o.seen AS connected, h.ts AS heartbeat, h.sessions AS sessions, h.capture AS capture, h.queued_bytes AS queued_bytes, h.counters AS counters
FROM (SELECT * FROM origins FINAL) AS o
GLOBAL ANY LEFT JOIN (SELECT * FROM heartbeats ORDER BY ts DESC LIMIT 1 BY origin) AS h ON h.origin = o.origin;

CREATE VIEW IF NOT EXISTS v_heartbeats{on_cluster} AS
SELECT origin, ts, sessions, capture, ring_bytes, queue_bytes, queued_bytes, counters FROM heartbeats FINAL;

CREATE VIEW IF NOT EXISTS v_batches{on_cluster} AS
SELECT origin, epoch, number, first_seq, last_seq, hex(hash) AS hash_hex, ts, received, bytes FROM batches FINAL;
