"""What happens to cases, windows, queues, devices, items, duties and ratings."""
