"""Why an edition stands where it stands: a code that is stored and compared, and the clause that people read."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an edition was skipped, cancelled or paused, or why it waits. The detail is stored beside it."""

    #: Nothing is to be said.
    NONE = ""
    #: A sentence of an older version that no code is known for. The detail is that sentence.
    TEXT = "text"
    NOTHING_NEW = "nothing_new"
    #: It had posts, and everybody had them already.
    NOTHING_FOR_ANYBODY = "nothing_for_anybody"
    NOT_APPROVED = "not_approved"
    BLACKOUT = "blackout"
    CAMPAIGN_PAUSED = "campaign_paused"
    #: The hour was missed, and the campaign's late policy is to skip, or to ask.
    MISSED_SKIP = "missed_skip"
    MISSED_ASK = "missed_ask"
    #: The hour was missed, and so was a later one.
    MISSED_TWICE = "missed_twice"
    UNSEEN = "unseen"
    #: All of its people were given back to the next edition before anything of it had left.
    CUT_SHORT = "cut_short"
    #: Detail: the number of the edition that carries its posts.
    CARRIED = "carried"
    #: Posts of an earlier edition are owed again.
    CAME_BACK = "came_back"
    #: Detail: the first error of the lint, and how many more there are.
    LINT = "lint"
    #: Detail: the post's key.
    POST_TAKEN_OUT = "post_taken_out"
    #: Detail: the post's key.
    LAST_POST_TAKEN_OUT = "last_post_taken_out"
    #: Detail: the number of the edition whose posts staff kept out of mail.
    KEPT_OUT = "kept_out"
    #: Detail: how many posts.
    CAME_TOGETHER = "came_together"
    STAFF_CANCELLED = "staff_cancelled"
    #: By the link in its proof.
    STAFF_STOPPED = "staff_stopped"
    STAFF_TOOK_BACK = "staff_took_back"
    STAFF_REWORDED = "staff_reworded"
    DAYS_CHANGED = "days_changed"
    PRACTICE_ENDED = "practice_ended"
    #: Something is wrong with it as a whole. Detail: what the relay or the renderer said.
    FAULT = "fault"


_CLAUSES = {
    Reason.NONE: "",
    Reason.TEXT: "{}",
    Reason.NOTHING_NEW: "nothing new",
    Reason.NOTHING_FOR_ANYBODY: "nothing new for anybody",
    Reason.NOT_APPROVED: "nobody approved it by its hour",
    Reason.BLACKOUT: "its date is in schedule.blackout",
    Reason.CAMPAIGN_PAUSED: "its campaign was paused at its hour",
    Reason.MISSED_SKIP: "its hour was missed, and the campaign's late policy is to skip",
    Reason.MISSED_ASK: "its hour was missed, and the campaign's late policy is to ask",
    Reason.MISSED_TWICE: "its hour was missed, and a later one as well: the next edition carries its posts",
    Reason.UNSEEN: "its hour came before anybody could look at it",
    Reason.CUT_SHORT: "nothing of it had left when the next one was due",
    Reason.CARRIED: "edition {} carries its posts",
    Reason.CAME_BACK: "posts of an earlier edition came back to it",
    Reason.LINT: "an error in it: {}",
    Reason.POST_TAKEN_OUT: 'the post "{}" was taken out of it',
    Reason.LAST_POST_TAKEN_OUT: 'its only post "{}" was taken back',
    Reason.KEPT_OUT: "staff kept out of mail what edition {} carried",
    Reason.CAME_TOGETHER: "{} posts came together; they would go out in this one mail",
    Reason.STAFF_CANCELLED: "staff cancelled it",
    Reason.STAFF_STOPPED: "staff stopped it with the link in its proof",
    Reason.STAFF_TOOK_BACK: "staff took their yes back",
    Reason.STAFF_REWORDED: "staff changed its subject or the words around its posts",
    Reason.DAYS_CHANGED: "the campaign's days were changed, and its posts come with the next edition",
    Reason.PRACTICE_ENDED: "practice ended: newsletter live",
    Reason.FAULT: "{}",
}


def clause(reason: str, detail: str) -> str:
    """The reason in words for staff, without a full stop; empty for none. A code of a newer version stands as it is."""
    known = {reason.value: text for reason, text in _CLAUSES.items()}
    return known.get(reason, f"{reason} {detail}".strip()).replace("{}", detail)
