-- The facts of cases: events, cases, clocks, findings, alerts, pushes, commands, dead letters, rankings.
--
-- Each kind has two tables fed by one sink. <kind>_history keeps every version and is ordered by (identity, version);
-- <kind> keeps the latest and is ordered by identity alone: no order holds a time that can be corrected, so a repeated
-- or corrected row always meets the row that it repeats. Read both with FINAL; without it rows may show more than once
-- until the store has merged its parts. A case number begins with its hall ("hall/local"), so a hall is a range of keys.

-- What happened. A source may send an event again: with a higher data_version it is a new version, with the same
-- content it is the same row, and then the earliest arrival stays (the later one has a lower earliness).
-- body is the canonical event as JSON without arrived_at, so equal content has equal bytes.
CREATE TABLE IF NOT EXISTS case_events_history (
  case_no String CODEC(ZSTD(1)),
  event_id String CODEC(ZSTD(1)),
  kind LowCardinality(String),
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  data_version Int64,
  date_only Bool,
  feed LowCardinality(String),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  body String CODEC(ZSTD(3)),
  content_hash UInt64 MATERIALIZED sipHash64(body),
  earliness Int64 MATERIALIZED -toUnixTimestamp64Milli(arrived_at)
) ENGINE = ReplacingMergeTree(earliness)
ORDER BY (case_no, event_id, data_version, content_hash);

-- The version that counts: the highest data_version, among equals the higher content hash, of equal content the
-- earliest arrival. One number holds the three: 32 bits data_version, 40 bits content hash, 56 bits earliness.
CREATE TABLE IF NOT EXISTS case_events (
  case_no String CODEC(ZSTD(1)),
  event_id String CODEC(ZSTD(1)),
  kind LowCardinality(String),
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  data_version Int64,
  date_only Bool,
  feed LowCardinality(String),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  body String CODEC(ZSTD(3)),
  content_hash UInt64 MATERIALIZED sipHash64(body),
  version UInt128 MATERIALIZED
    bitShiftLeft(toUInt128(greatest(0, least(data_version, 4294967295))), 96)
    + bitShiftLeft(toUInt128(bitShiftRight(content_hash, 24)), 56)
    + toUInt128(36028797018963968 - toUnixTimestamp64Milli(arrived_at))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (case_no, event_id);

-- How each case stands. on_time is null while undecided or where there is no limit.
CREATE TABLE IF NOT EXISTS cases_history (
  case_no String CODEC(ZSTD(1)),
  state LowCardinality(String),
  case_class LowCardinality(String),
  applied_at Nullable(DateTime64(3, 'UTC')),
  accepted_at Nullable(DateTime64(3, 'UTC')),
  finished_at Nullable(DateTime64(3, 'UTC')),
  result LowCardinality(String),
  due_at Nullable(DateTime64(3, 'UTC')),
  epoch UInt32,
  on_time Nullable(Bool),
  no_limit Bool,
  events UInt32,
  last_event_at Nullable(DateTime64(3, 'UTC')),
  registry_version LowCardinality(String),
  feed LowCardinality(String),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (case_no, version);

CREATE TABLE IF NOT EXISTS cases AS cases_history
ENGINE = ReplacingMergeTree(version)
ORDER BY case_no;

-- How each clock of a case stands; ledger is a JSON list of why it stands there.
-- limit_amount, used, remaining and overdue are in unit.
CREATE TABLE IF NOT EXISTS clocks_history (
  case_no String CODEC(ZSTD(1)),
  clock_id String CODEC(ZSTD(1)),
  clock LowCardinality(String),
  epoch UInt32,
  run UInt32,
  state LowCardinality(String),
  unit LowCardinality(String),
  limit_amount Int64,
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  due_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  stopped_at Nullable(DateTime64(3, 'UTC')),
  used Int64,
  remaining Int64,
  overdue Int64,
  provisional Bool,
  calendar_version LowCardinality(String),
  ledger String CODEC(ZSTD(3)),
  feed LowCardinality(String),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (case_no, clock_id, version);

CREATE TABLE IF NOT EXISTS clocks AS clocks_history
ENGINE = ReplacingMergeTree(version)
ORDER BY (case_no, clock_id);

-- What a rule found. stretches is a JSON list of when it was true at which level; numbers is a JSON object.
-- A withdrawn finding was never true and counts nowhere.
CREATE TABLE IF NOT EXISTS findings_history (
  subject String CODEC(ZSTD(1)),
  finding_id String CODEC(ZSTD(1)),
  subject_kind LowCardinality(String),
  rule LowCardinality(String),
  rule_version UInt32,
  clock LowCardinality(String),
  epoch UInt32,
  run UInt32,
  state LowCardinality(String),
  change LowCardinality(String),
  level LowCardinality(String),
  highest LowCardinality(String),
  raised_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  ended_at Nullable(DateTime64(3, 'UTC')),
  due_at Nullable(DateTime64(3, 'UTC')),
  stretches String CODEC(ZSTD(1)),
  tell Bool,
  provisional Bool,
  dimension LowCardinality(String),
  anomaly LowCardinality(String),
  basis LowCardinality(String),
  title_zh LowCardinality(String),
  title_en LowCardinality(String),
  message_zh String CODEC(ZSTD(3)),
  message_en String CODEC(ZSTD(3)),
  numbers String CODEC(ZSTD(1)),
  event_ids Array(String) CODEC(ZSTD(1)),
  registry_version LowCardinality(String),
  feed LowCardinality(String),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (subject, finding_id, version);

CREATE TABLE IF NOT EXISTS findings AS findings_history
ENGINE = ReplacingMergeTree(version)
ORDER BY (subject, finding_id);

-- Findings on their way to people.
CREATE TABLE IF NOT EXISTS alerts_history (
  subject String CODEC(ZSTD(1)),
  alert_id String CODEC(ZSTD(1)),
  finding_id String CODEC(ZSTD(1)),
  rule LowCardinality(String),
  state LowCardinality(String),
  level LowCardinality(String),
  reason String CODEC(ZSTD(1)),
  raised_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  told_at Nullable(DateTime64(3, 'UTC')),
  receivers Array(String),
  acknowledged_by LowCardinality(String),
  acknowledged_at Nullable(DateTime64(3, 'UTC')),
  expected_done_at Nullable(DateTime64(3, 'UTC')),
  title_zh LowCardinality(String),
  title_en LowCardinality(String),
  message_zh String CODEC(ZSTD(3)),
  message_en String CODEC(ZSTD(3)),
  hall LowCardinality(String),
  site LowCardinality(String),
  org LowCardinality(String),
  item LowCardinality(String),
  window LowCardinality(String),
  staff LowCardinality(String),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (subject, alert_id, version);

CREATE TABLE IF NOT EXISTS alerts AS alerts_history
ENGINE = ReplacingMergeTree(version)
ORDER BY (subject, alert_id);

-- The push ledger: every telling, each attempt a version.
CREATE TABLE IF NOT EXISTS pushes_history (
  receiver String CODEC(ZSTD(1)),
  push_id String CODEC(ZSTD(1)),
  receiver_name String CODEC(ZSTD(1)),
  role LowCardinality(String),
  channel LowCardinality(String),
  reason LowCardinality(String),
  finding_id String CODEC(ZSTD(1)),
  subject String CODEC(ZSTD(1)),
  level LowCardinality(String),
  title String CODEC(ZSTD(1)),
  message String CODEC(ZSTD(3)),
  state LowCardinality(String),
  attempt UInt32,
  detail String CODEC(ZSTD(1)),
  raised_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  requested_at Nullable(DateTime64(3, 'UTC')),
  answered_at Nullable(DateTime64(3, 'UTC')),
  hall LowCardinality(String),
  org LowCardinality(String),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (receiver, push_id, version);

CREATE TABLE IF NOT EXISTS pushes AS pushes_history
ENGINE = ReplacingMergeTree(version)
ORDER BY (receiver, push_id);

-- What people decided: who, when, why. A command never changes; body is the whole of it as JSON.
CREATE TABLE IF NOT EXISTS commands_history (
  command_id String CODEC(ZSTD(1)),
  kind LowCardinality(String),
  alert_id String CODEC(ZSTD(1)),
  person LowCardinality(String),
  given_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  why String CODEC(ZSTD(1)),
  body String CODEC(ZSTD(1)),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (command_id, version);

CREATE TABLE IF NOT EXISTS commands AS commands_history
ENGINE = ReplacingMergeTree(version)
ORDER BY command_id;

-- What could not be read or processed. raw is base64 of the bytes as they came.
CREATE TABLE IF NOT EXISTS dead_letters_history (
  letter_id String CODEC(ZSTD(1)),
  place String CODEC(ZSTD(1)),
  source LowCardinality(String),
  reason String CODEC(ZSTD(1)),
  field LowCardinality(String),
  raw String CODEC(ZSTD(3)),
  traceback String CODEC(ZSTD(3)),
  version UInt64 CODEC(ZSTD(1)),
  known_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(version)
ORDER BY (letter_id, version);

CREATE TABLE IF NOT EXISTS dead_letters AS dead_letters_history
ENGINE = ReplacingMergeTree(version)
ORDER BY letter_id;

-- Closed periods. One row a ranking, so that a corrected ranking replaces all places of the one before it:
-- SELECT period, rows.place, rows.name, rows.score FROM rankings FINAL ARRAY JOIN rows
CREATE TABLE IF NOT EXISTS rankings_history (
  hall LowCardinality(String),
  board LowCardinality(String),
  period LowCardinality(String),
  made_at DateTime64(3, 'UTC'),
  rows Nested(
    subject String,
    name String,
    place Nullable(UInt32),
    score Nullable(Float64),
    figures String
  ),
  version UInt64,
  known_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(version)
ORDER BY (hall, board, period, version);

CREATE TABLE IF NOT EXISTS rankings AS rankings_history
ENGINE = ReplacingMergeTree(version)
ORDER BY (hall, board, period);
