"""What we remember of a source between two looks at it."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """One source of config.toml, by its name there."""

    name = models.CharField(max_length=40, unique=True)
    #: New until one sync has finished: a crash half-way changes nothing, so an archive is never mailed.
    first_sync_at = models.DateTimeField(null=True, blank=True)
    last_sync_at = models.DateTimeField(null=True, blank=True)
    #: One sentence; empty when the last sync went well.
    last_error = models.TextField(blank=True, default="")
    #: What could not be read in the last sync: [[where, what], …]
    problems = models.JSONField(default=list)
    #: Its kind and its folder or address in config.toml as they were: another place under the same name is noticed.
    place = models.TextField(blank=True, default="")
    #: What the source wants to be told at the next look: ETag, "not before", where it has moved to.
    memory = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
