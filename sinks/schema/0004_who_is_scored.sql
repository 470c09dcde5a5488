-- Whom a finding counts for: its own org, another one (a late part of a joint case), or nobody here (an upper unit).
ALTER TABLE findings_history ADD COLUMN IF NOT EXISTS scored Bool DEFAULT true AFTER provisional;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS scored Bool DEFAULT true AFTER provisional;
ALTER TABLE findings_history ADD COLUMN IF NOT EXISTS scored_on LowCardinality(String) DEFAULT org AFTER scored;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS scored_on LowCardinality(String) DEFAULT org AFTER scored;
