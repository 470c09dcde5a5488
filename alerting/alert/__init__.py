"""The alert process: findings in, alerts and push requests out."""
