-- How many events of a case came too late to be judged.
ALTER TABLE cases_history ADD COLUMN IF NOT EXISTS late_events UInt32 AFTER events;
ALTER TABLE cases ADD COLUMN IF NOT EXISTS late_events UInt32 AFTER events;
