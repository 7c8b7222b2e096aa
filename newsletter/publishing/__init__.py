"""Where the floors meet: one verb a module. Each reads stored facts and writes the next; no callbacks."""
