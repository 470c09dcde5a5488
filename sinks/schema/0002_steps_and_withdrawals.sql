-- The step that a clock belongs to; what is proposed to be withdrawn and counts until a supervisor confirms it, and the
-- level that a withdrawal takes back where a lower one stands.
ALTER TABLE clocks_history ADD COLUMN IF NOT EXISTS step LowCardinality(String) AFTER run;
ALTER TABLE clocks ADD COLUMN IF NOT EXISTS step LowCardinality(String) AFTER run;
ALTER TABLE findings_history ADD COLUMN IF NOT EXISTS withdrawal LowCardinality(String) AFTER change;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS withdrawal LowCardinality(String) AFTER change;
ALTER TABLE findings_history ADD COLUMN IF NOT EXISTS withdrawn_level LowCardinality(String) AFTER withdrawal;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS withdrawn_level LowCardinality(String) AFTER withdrawal;
