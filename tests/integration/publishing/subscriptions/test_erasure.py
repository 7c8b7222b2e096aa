"""Who is erased is erased everywhere: what mail servers said of them as well."""

from __future__ import annotations

from world import World, next_tuesday_nine

from newsletter.models import Delivery
from newsletter.publishing.subscriptions import erasure
from subscribers.models import Subscriber


def test_the_words_of_a_mail_server_go_with_the_person(world: World) -> None:
    ann, _ = world.join("ann"), world.join("bob")
    world.release()
    world.now = next_tuesday_nine(world.now)
    world.run()
    said = "452 4.2.2 The mailbox of ann@example.org is full"
    assert Delivery.objects.update(reply=said) == 2
    erasure.erase(ann, world.now)
    assert not Subscriber.objects.filter(pk=ann.pk).exists()
    assert list(Delivery.objects.filter(subscriber=None).values_list("reply", flat=True)) == [""]
    assert Delivery.objects.get(subscriber__isnull=False).reply == said
