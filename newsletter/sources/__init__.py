"""Where posts come from. One module a kind of source, each with a ``fetch()`` that returns items and problems."""
