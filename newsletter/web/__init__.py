"""HTTP in and out, thin: what is decided is decided in publishing and in subscribers."""
