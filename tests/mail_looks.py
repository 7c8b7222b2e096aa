"""Mails for looking at in a browser, and the pictures in them: all drawn here, nothing comes from the net."""

from __future__ import annotations

import dataclasses
import io
import re
from functools import cache
from typing import Any

from mail_samples import digest_entries, frame, long_entry, short_entry
from PIL import Image, ImageDraw

from newsletter.rendering.email import render, render_notice, render_web
from newsletter.rendering.mail_parts import Entry, Frame, Rendered
from newsletter.rendering.preview import html_for, preview_personal, text_for
from newsletter.rendering.staff import STAFF, Banner, StaffWords, as_proof, render_staff
from newsletter.rendering.templates.environment import EDITION_KINDS, template_sources

OURS = template_sources([], *EDITION_KINDS, "confirm")
MEDIA = "https://hub.example.org/media"

#: What staff might write into [design]; the logos are drawn below.
BRAND = {
    "accent": "#f2b705",
    "accent_dark": "#ffd24a",
    "page": "#20304a",
    "page_dark": "#0a0f18",
    "logo": f"{MEDIA}/logo.png",
    "logo_width": "150",
    "heading_font": "sans",
    "footer": "Registered charity 1234567\nMastodon: https://social.example.org/@hub\nhttps://video.example.org/hub",
}

#: Right to left, with numbers, an address and English words in it.
ARABIC = {
    "key": "arabic",
    "title": "كيف عادت جداول المد إلى الميناء",
    "url": "https://hub.example.org/posts/ar",
    "summary": "قاست مدرسة في شارع الرصيف كل جَزر طوال 12 شهرًا بمسطرة ومصباح. "
    "يمكن نسخ الجداول من hub.example.org مجانًا.",
    "authors": ["نور حداد", "Oda Brandt"],
    "topics": ["Learning outdoors"],
    "language": "ar",
}
ARABIC_HTML = """
<p>قاست مدرسة في شارع الرصيف <a href="https://hub.example.org/a">كل جَزر</a> طوال عام كامل، من 1 مارس إلى 28 فبراير.</p>
<h2>ماذا يحتاج القياس؟</h2>
<ul><li>الوقت بالدقيقة (06:12)</li><li>الارتفاع: 0.4 m</li></ul>
<ol><li>اكتب الرقم.</li><li>ثم تدفأ.</li></ol>
<blockquote><p>لا يصدق أحد رقمًا حتى يقف من أجله تحت المطر.</p></blockquote>
<table><caption>الأسبوع الأول</caption><tr><th>اليوم</th><th>الجزر</th></tr>
<tr><td>الاثنين</td><td>06:12</td></tr></table>
<p>اتصل على <a href="tel:+441632960000">+44 1632 960000</a> أو زر
<a href="https://hub.example.org/t">https://hub.example.org/tables/</a>.</p>
<pre><code>height = (wall + steps) / 2</code></pre>
<p>The tables are free to copy.</p>
"""
HEBREW = {
    "key": "hebrew",
    "title": "ספריית הזרעים נפתחת בשבתות",
    "url": "https://hub.example.org/posts/he",
    "summary": "קחו שקית אחת, והחזירו שתיים בשנה הבאה. 40 שקיות ראשונות חינם!",
    "authors": ["מיכל כהן"],
    "topics": [],
    "language": "he",
}
RECORDING = {"url": f"{MEDIA}/tides.mp3", "media_type": "audio/mpeg", "length": 24_300_000}
NOTE = (
    "Thank you to everyone who stood in the rain for us this month. Two of these stories began as your letters.\n\n"
    "The reading room is open again on Thursdays, from four until the lamps go out."
)
WIDE = (
    "<p>" + "Donaudampfschifffahrtsgesellschaft" * 5 + "</p><table><tr>"
    + "<td>one column of many</td>" * 9 + "</tr></table><pre>" + "x" * 300 + "</pre>"
    + '<p><a href="https://hub.example.org/">' + "https://hub.example.org/" + "a" * 200 + "</a></p>"
    + "<table><caption>" + "w" * 90 + "</caption><tr><td>" + "https://hub.example.org/" + "b" * 90
    + "</td></tr></table>"
)  # fmt: skip
FILM = (
    f'<p>A film.</p><p><a href="https://video.example.org/1"><img src="{MEDIA}/film.png" alt="Video: The mill" '
    'width="480" height="360"></a></p>'
)


def week() -> list[Entry]:
    """A digest's posts as they come: one with a wide picture, some with small ones, one in Arabic, a recording."""
    first, *others = digest_entries(8)
    lead = dataclasses.replace(first, image=f"{MEDIA}/harbour.png", image_width=1600, image_height=1000)
    others[0] = dataclasses.replace(others[0], image=f"{MEDIA}/portrait.png", enclosure=RECORDING)
    others[1] = dataclasses.replace(others[1], **ARABIC)
    others[2] = dataclasses.replace(
        others[2], image=f"{MEDIA}/harbour.png", image_width=1600, image_height=1000
    )
    return [lead, *others]


def tides(**changes: Any) -> Entry:
    """One post in full, with a picture of its own and a recording."""
    given: dict[str, Any] = {
        "image": f"{MEDIA}/harbour.png", "image_alt": "The harbour at low water, seen from the school",
        "image_width": 1600, "image_height": 1000, "enclosure": RECORDING,
    }  # fmt: skip
    return long_entry(**given | changes)


def arabic_site(**changes: Any) -> Frame:
    """A site whose own language runs from right to left."""
    given: dict[str, Any] = {
        "site_title": "جديد مركز التعلم", "organisation": "جمعية الميناء للتعلم", "language": "ar", "direction": "rtl",
        "date_text": "6 أكتوبر 2026", "postal_address": "14 شارع الرصيف\nPort Ellery PE4 2XX",
        "note": "شكرًا لكل من وقف معنا تحت المطر.", "design": {"footer": "جمعية مسجلة رقم 1234567."},
    }  # fmt: skip
    return frame(**given | changes)


def arabic(**changes: Any) -> Entry:
    return short_entry(**ARABIC | {"html": "", "date_text": "5 أكتوبر 2026"} | changes)


STAFF_WORDS = StaffWords(
    subject="Please approve: weekly, Tuesday 6 October 2026, 09:00 Europe/London",
    heading="Edition 12 waits for your yes",
    paragraphs=[
        "With your yes it goes to 19,420 people on Tuesday 6 October 2026, 09:00 Europe/London.",
        "If nobody says yes by then, it is skipped, and its posts come with the next edition.",
        "It carries 3 posts:",
    ],
    points=[
        "How tide tables came back to the harbour school",
        "The seed library opens on Saturdays",
        "W" * 60,
    ],
    commands=[
        ["Look at it", "newsletter editions preview 12"],
        ["Say yes", "newsletter editions approve 12"],
        ["Send those in doubt again (they may arrive twice)", "newsletter editions doubts 12 --send-again"],
    ],
)
BANNER = Banner(
    "Proof: goes to 19,420 people at 09:00 Europe/London on Tuesday 6 October 2026.",
    "https://hub.example.org/stop/12-abc234abc234",
)


def _proof(rendered: Rendered) -> Rendered:
    personal = preview_personal()
    return as_proof(rendered.subject, html_for(rendered, personal), text_for(rendered, personal), BANNER)


def _mail(rendered: Rendered) -> str:
    return html_for(rendered, preview_personal())


@cache
def mails() -> dict[str, str]:
    """Each kind of mail, finished, and what stretches it."""
    confirm = {"confirm_url": "https://hub.example.org/confirm/" + "abc234" * 8}
    english = dataclasses.replace(digest_entries(1)[0], language="en", image=None)
    hebrew = short_entry(**HEBREW, html=ARABIC_HTML)
    wide = short_entry(html=WIDE, title="Wort" * 30, authors=["A" * 90])
    in_arabic = [
        arabic(image=f"{MEDIA}/harbour.png", image_alt="الميناء"),
        english,
        short_entry(**HEBREW, html=""),
    ]
    rendered = {
        "post": render(frame(), [tides()], OURS),
        "digest": render(frame(note=NOTE, most=5), week(), OURS),
        "confirm": render_notice(frame(subject=""), "confirm", confirm, OURS),
        "arabic digest": render(arabic_site(), in_arabic, OURS),
        "arabic post": render(arabic_site(), [arabic(html=ARABIC_HTML)], OURS),
        "arabic confirm": render_notice(arabic_site(subject="", note=""), "confirm", confirm, OURS),
        "hebrew post": render(frame(), [hebrew], OURS),
        "brand": render(frame(note=NOTE, design=BRAND), [tides(enclosure=None)], OURS),
        "short": render(frame(note="A note."), [short_entry(html=FILM)], OURS),
        "wide": render(frame(design={"footer": "f" * 90}), [wide], OURS),
        "staff": render_staff(frame(), STAFF_WORDS, template_sources([], STAFF)),
        "proof": _proof(render(frame(), [tides()], OURS)),
        "announcement": render(frame(note=NOTE, subject="News"), [], OURS),
    }  # fmt: skip
    return {name: _mail(mail) for name, mail in rendered.items()} | {
        "web": render_web(frame(note=NOTE), week(), OURS),
        "web post": render_web(frame(), [tides()], OURS),
    }


def _png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def _harbour(width: int, height: int) -> bytes:
    """Flat shapes: they compress to little, and show at once when they are stretched."""
    image = Image.new("RGB", (width, height), "#d9e6e4")
    draw = ImageDraw.Draw(image)
    x, y = width / 100, height / 100
    draw.ellipse((70 * x, 14 * y, 70 * x + 12 * x, 14 * y + 12 * x), fill="#f0c987")
    draw.polygon([(0, 60 * y), (22 * x, 30 * y), (46 * x, 60 * y)], fill="#8fb3b0")
    draw.polygon([(30 * x, 60 * y), (56 * x, 40 * y), (88 * x, 60 * y)], fill="#6f9a97")
    draw.rectangle((0, 60 * y, width, height), fill="#2f6f6a")
    draw.polygon([(38 * x, 74 * y), (62 * x, 74 * y), (58 * x, 82 * y), (42 * x, 82 * y)], fill="#f7f4ec")
    draw.polygon([(50 * x, 40 * y), (50 * x, 72 * y), (40 * x, 72 * y)], fill="#f7f4ec")
    draw.polygon([(51 * x, 46 * y), (51 * x, 72 * y), (60 * x, 72 * y)], fill="#c8553d")
    return _png(image)


@cache
def pictures() -> dict[str, bytes]:
    """Name → PNG, as they lie under MEDIA."""
    logo = Image.new("RGBA", (300, 80), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.ellipse((0, 0, 79, 79), fill="#20304a")
    draw.rectangle((100, 14, 299, 34), fill="#20304a")
    draw.rectangle((100, 48, 240, 64), fill="#20304a")
    return {
        "logo.png": _png(logo),
        "portrait.png": _harbour(600, 900),
        "film.png": _harbour(480, 360),
        "": _harbour(1600, 1000),
    }


def without_styles(html: str) -> str:
    """What Gmail shows of a mail in a mailbox that is not Google's own: no style block at all."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def as_outlook_reads(html: str) -> str:
    """Outlook on Windows: its own comments opened, what is not for it taken out."""
    html = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.DOTALL)


#: What Word's engine does not know; padding it knows on cells only, and width there and on tables.
_NOT_IN_WORD = re.compile(
    r"max-width|max-height|border-radius|overflow.*|word-break|opacity|table-layout|letter-spacing|display"
)


def as_outlook_draws(html: str) -> str:
    """Near to what Word's engine makes of a mail, for a browser: a likeness, not a proof."""
    html = as_outlook_reads(html)
    own = re.findall(r"<style>.*?</style>", html, flags=re.DOTALL)[0]
    html = re.sub(r"<xml>.*?</xml>", "", without_styles(html), flags=re.DOTALL).replace(
        "</head>", f"{own}</head>"
    )
    html = re.sub(r'<(\w+)([^<>]*?) style="([^"]*)"', _in_word, html)
    return re.sub(r"<v:roundrect(.*?)>.*?<center style=\"(.*?)\">(.*?)</center></v:roundrect>", _shape, html)


def _in_word(match: re.Match[str]) -> str:
    tag, between, style = match.groups()
    if tag in ("v", "center"):
        return match[0]
    if "mso-hide" in style:
        return f'<{tag}{between} style="display:none"'
    kept = []
    for declared in style.split(";"):
        name = declared.partition(":")[0].strip()
        on_cells_only = name.startswith("padding") or name == "width"
        if not _NOT_IN_WORD.fullmatch(name) and not (on_cells_only and tag not in ("td", "th", "table")):
            kept.append(declared)
    return f'<{tag}{between} style="{";".join(kept)}"'


def _shape(match: re.Match[str]) -> str:
    shape, words, label = match.groups()
    size = {name: re.search(rf"{name}:(\d+)px", shape)[1] for name in ("width", "height")}  # type: ignore[index]
    fill = re.search(r'fillcolor="(.*?)"', shape)[1]  # type: ignore[index]
    return (
        f'<a href="{re.search(r"href=.(.*?).[ >]", shape)[1]}" style="{words};background:{fill};display:inline-block;'  # type: ignore[index]
        f'width:{size["width"]}px;line-height:{size["height"]}px;text-align:center;text-decoration:none">{label}</a>'
    )


def opened(
    chromium: Any, html: str, width: int, *, scheme: str = "light", shown: bool = True, height: int = 800
) -> Any:
    """A page with the mail in it. Nothing leaves this machine: pictures are ours or absent."""
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()

    def answer(route: Any) -> None:
        if shown:
            found = pictures()
            name = route.request.url.rpartition("/")[2]
            route.fulfill(body=found.get(name, found[""]), content_type="image/png")
        else:
            route.abort()

    page.route("**/*", answer)
    page.set_content(html, wait_until="load")
    return page
