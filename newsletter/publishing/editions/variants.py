"""Variants: the frozen parts of an edition rendered for one set of posts, once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import IntegrityError, transaction

from newsletter.errors import Refused
from newsletter.models import Edition, Variant, VariantPost
from newsletter.publishing.ledger.owed import posts_hash
from newsletter.rendering.mail_parts import Entry, Frame, Rendered


def render_set(edition: Edition, post_ids: Collection[int]) -> Rendered:
    """Render an edition for one set of posts, from what was frozen and nothing else. Raises RenderError."""
    # Here, because premailer takes a third of a second to load, and most commands render nothing.
    from newsletter.rendering.email import render

    wanted = set(post_ids)
    rows = [row for row in edition.edition_posts.all() if row.post_id in wanted]
    if len(rows) != len(wanted):
        raise Refused(f"Edition {edition.pk} does not carry all of these posts any more.")
    return render(
        Frame.from_json(edition.frozen["frame"]),
        [Entry.from_json(row.entry) for row in rows],
        edition.frozen["templates"],
    )


def existing(edition: Edition) -> dict[str, int]:
    """The variants that are rendered already: posts_hash → id."""
    return dict(Variant.objects.filter(edition=edition).values_list("posts_hash", "pk"))


def make(edition: Edition, sets: Iterable[Sequence[int]]) -> None:
    """Render and keep the variants for these sets. Two processes that render the same set keep one of the two."""
    for posts in sets:
        rendered = render_set(edition, posts)
        try:
            with transaction.atomic():
                variant = Variant.objects.create(
                    edition=edition, posts_hash=posts_hash(posts), rendered=rendered.as_json()
                )
                VariantPost.objects.bulk_create(VariantPost(variant=variant, post_id=post) for post in posts)
        except IntegrityError:
            if not Variant.objects.filter(edition=edition, posts_hash=posts_hash(posts)).exists():
                raise
