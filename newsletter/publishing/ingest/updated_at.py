"""When a post last changed, as feeds say it: a moment that is true, and that no other post has where that can be had.

Atom readers sort by ``updated``, and a validator warns of entries that share one: "two entries with the same value".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from newsletter.models import Post

#: Seconds within which posts of one moment are spread: more than any feed has posts.
_SPREAD = 600
_SECOND = timedelta(seconds=1)


def of_new(own: datetime, now: datetime) -> datetime:
    """Of a post that is stored for the first time: its own date, for nobody has changed it since. Posts whose dates say
    only the day begin at the same instant; the later ones are some seconds into that day.

    Both are aware. One that is dated ahead has not changed before it is seen, so its date holds as well.
    """
    if not _taken(own):
        return own
    newest = Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    later = own + (1 + newest % _SPREAD) * _SECOND
    return later if later <= now or own > now else own


def of_edit(post: Post, now: datetime) -> datetime:
    """Of a post whose text has just changed: ``now``, or moments ago where others have changed in the same look."""
    if not _taken(now):
        return now
    earlier = now - (1 + post.pk % _SPREAD) * _SECOND
    return earlier if earlier > max(post.updated_at, post.dated_at) else now


def _taken(moment: datetime) -> bool:
    start = moment.replace(microsecond=0)
    return Post.objects.filter(updated_at__gte=start, updated_at__lt=start + _SECOND).exists()
