"""Where posts come from. A module a kind of source, each with a ``fetch()`` that gives items and problems."""
