"""Networks as records: what each takes and gives, where its weights come from, under which licence."""
