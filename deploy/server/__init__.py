"""Roles one by one, against a Kafka and a ClickHouse of one's own."""
