"""The rows of what is sent, their legal moves and their constraints. Verbs live in publishing."""

from newsletter.models.announcement import Announcement
from newsletter.models.campaign import Campaign, CampaignState, KeptOut, LatePolicy
from newsletter.models.day_count import DayCount
from newsletter.models.delivery import Delivery, DeliveryState, Worker
from newsletter.models.edition import Audience, Edition, EditionPost, EditionState, Variant, VariantPost
from newsletter.models.log import Act, LogEntry
from newsletter.models.media import Media
from newsletter.models.notice import Notice, NoticeKind
from newsletter.models.post import HeldFor, Likeness, LikenessKind, PageVerdict, Post, PostName, PostState
from newsletter.models.reason import Reason
from newsletter.models.site import Site
from newsletter.models.source import Source
from newsletter.models.staff_mail import StaffMail, StaffMailKind

__all__ = [
    "Act",
    "Announcement",
    "Audience",
    "Campaign",
    "CampaignState",
    "DayCount",
    "Delivery",
    "DeliveryState",
    "Edition",
    "EditionPost",
    "EditionState",
    "HeldFor",
    "KeptOut",
    "LatePolicy",
    "Likeness",
    "LikenessKind",
    "LogEntry",
    "Media",
    "Notice",
    "NoticeKind",
    "PageVerdict",
    "Post",
    "PostName",
    "PostState",
    "Reason",
    "Site",
    "Source",
    "StaffMail",
    "StaffMailKind",
    "Variant",
    "VariantPost",
    "Worker",
]
