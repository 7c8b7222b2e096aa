"""Pictures that have no address of their own on the web, stored so that every machine has them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from newsletter.models.post import Post


class Media(models.Model):
    """One file, served at ``/media/NAME``. It is never changed: its name is a digest of its content.

    What a mail shows must stay, so nothing here is tidied away; what only withdrawn posts show is not served.
    """

    name = models.CharField(max_length=50, unique=True)
    media_type = models.CharField(max_length=20)
    content = models.BinaryField()
    stored_at = models.DateTimeField()
    #: Posts that show it, or have shown it.
    posts = models.ManyToManyField(Post, related_name="media")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
