"""Rules on the order and the grounds of what is done in a case (流程合法性)."""
