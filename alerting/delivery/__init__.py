"""The delivery process: requests and receipts in, the push ledger out."""
