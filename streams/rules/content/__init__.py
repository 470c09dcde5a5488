"""Rules on what is written into a case (内容规范性)."""
