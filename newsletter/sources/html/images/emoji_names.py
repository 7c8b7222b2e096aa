"""Names of emoji in texts, ":tada:", as the signs they stand for, where a site's generator reads them so.

GitHub's names, which most generators share: those in use are in the table; any other may be Unicode's own name of an
emoji or the name of a country. A name that is not known stays as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale

_NAME = re.compile(r"(?<!\w):([a-z0-9][a-z0-9_+-]{0,40}|[+-]1):(?!\w)")
#: Pieces of HTML: a tag, or text. What stands in code stays as it is.
_PIECE = re.compile(r"<(/?)(code|pre|kbd|samp)\b[^<>]*>|<[^<>]*>|[^<]+", re.IGNORECASE)
_TABLE = (
    "+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 100 💯 1234 🔢 8ball 🎱 a 🅰️ ab 🆎 abc 🔤 accept 🉑 airplane ✈️ "
    "alarm_clock ⏰ alien 👽 ambulance 🚑 anchor ⚓ angel 👼 anger 💢 angry 😠 ant 🐜 apple 🍎 art 🎨 "
    "arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️ astonished 😲 baby 👶 back 🔙 balloon 🎈 "
    "ballot_box 🗳️ banana 🍌 bangbang ‼️ bar_chart 📊 bear 🐻 bee 🐝 honeybee 🐝 beer 🍺 beers 🍻 beetle 🪲 "
    "beginner 🔰 bell 🔔 bicyclist 🚴 bike 🚲 bird 🐦 birthday 🎂 blossom 🌼 blue_heart 💙 blush 😊 boat ⛵ "
    "sailboat ⛵ bomb 💣 book 📖 open_book 📖 bookmark 🔖 books 📚 boom 💥 collision 💥 bow 🙇 bread 🍞 "
    "briefcase 💼 broken_heart 💔 bug 🐛 bulb 💡 bullettrain_side 🚄 bus 🚌 butterfly 🦋 cactus 🌵 cake 🍰 "
    "calendar 📆 date 📅 camel 🐫 camera 📷 candle 🕯️ car 🚗 red_car 🚗 cat 🐱 chart_with_upwards_trend 📈 "
    "chart_with_downwards_trend 📉 checkered_flag 🏁 cherries 🍒 cherry_blossom 🌸 chicken 🐔 chocolate_bar 🍫 "
    "christmas_tree 🎄 church ⛪ clap 👏 clipboard 📋 cloud ☁️ clown_face 🤡 coffee ☕ cold_sweat 😰 computer 💻 "
    "confetti_ball 🎊 confused 😕 congratulations ㊗️ construction 🚧 construction_worker 👷 cookie 🍪 cool 🆒 "
    "copyright ©️ corn 🌽 cow 🐮 credit_card 💳 crescent_moon 🌙 crown 👑 cry 😢 crying_cat_face 😿 "
    "crystal_ball 🔮 cupid 💘 dancer 💃 dart 🎯 dash 💨 deciduous_tree 🌳 dizzy 💫 dog 🐶 dollar 💵 dolphin 🐬 "
    "door 🚪 dragon 🐉 droplet 💧 duck 🦆 ear 👂 ear_of_rice 🌾 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 "
    "egg 🥚 electric_plug 🔌 elephant 🐘 email 📧 e-mail 📧 envelope ✉️ evergreen_tree 🌲 exclamation ❗ "
    "expressionless 😑 eyes 👀 facepunch 👊 punch 👊 factory 🏭 fallen_leaf 🍂 family 👪 fearful 😨 fire 🔥 "
    "fire_engine 🚒 fireworks 🎆 fish 🐟 fist ✊ flags 🎏 flashlight 🔦 flushed 😳 four_leaf_clover 🍀 "
    "fox_face 🦊 free 🆓 fries 🍟 frog 🐸 gear ⚙️ gem 💎 ghost 👻 gift 🎁 gift_heart 💝 globe_with_meridians 🌐 "
    "goat 🐐 grapes 🍇 green_apple 🍏 green_heart 💚 grimacing 😬 grin 😁 grinning 😀 guitar 🎸 gun 🔫 hammer 🔨 "
    "hammer_and_wrench 🛠️ hand ✋ raised_hand ✋ handshake 🤝 hankey 💩 poop 💩 hatching_chick 🐣 headphones 🎧 "
    "hear_no_evil 🙉 heart ❤️ heart_eyes 😍 heartbeat 💓 heartpulse 💗 heavy_check_mark ✔️ heavy_plus_sign ➕ "
    "heavy_minus_sign ➖ herb 🌿 hibiscus 🌺 hourglass ⌛ house 🏠 house_with_garden 🏡 hugs 🤗 hushed 😯 "
    "icecream 🍦 imp 👿 inbox_tray 📥 information_source ℹ️ innocent 😇 iphone 📱 jack_o_lantern 🎃 joy 😂 "
    "joy_cat 😹 key 🔑 keyboard ⌨️ kiss 💋 kissing 😗 kissing_heart 😘 koala 🐨 label 🏷️ laughing 😆 "
    "satisfied 😆 leaves 🍃 ledger 📒 lemon 🍋 link 🔗 lion 🦁 lock 🔒 loudspeaker 📢 love_letter 💌 mag 🔍 "
    "mag_right 🔎 mailbox 📫 maple_leaf 🍁 mask 😷 mega 📣 memo 📝 pencil 📝 metal 🤘 microphone 🎤 microscope 🔬 "
    "milky_way 🌌 money_with_wings 💸 moneybag 💰 monkey 🐒 monkey_face 🐵 moon 🌔 mortar_board 🎓 mouse 🐭 "
    "movie_camera 🎥 muscle 💪 mushroom 🍄 musical_note 🎵 notes 🎶 neutral_face 😐 new 🆕 newspaper 📰 "
    "newspaper_roll 🗞️ no_entry ⛔ no_entry_sign 🚫 no_good 🙅 no_mouth 😶 nose 👃 nut_and_bolt 🔩 o ⭕ ocean 🌊 "
    "octopus 🐙 office 🏢 ok 🆗 ok_hand 👌 old_key 🗝️ open_hands 👐 open_mouth 😮 orange_heart 🧡 outbox_tray 📤 "
    "owl 🦉 package 📦 page_facing_up 📄 paintbrush 🖌️ palm_tree 🌴 panda_face 🐼 paperclip 📎 partying_face 🥳 "
    "peach 🍑 pear 🍐 pen 🖊️ penguin 🐧 pensive 😔 phone ☎️ telephone ☎️ pig 🐷 pill 💊 pineapple 🍍 pizza 🍕 "
    "point_down 👇 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 popcorn 🍿 pray 🙏 purple_heart 💜 "
    "pushpin 📌 question ❓ rabbit 🐰 racehorse 🐎 horse 🐴 radio 📻 rage 😡 rainbow 🌈 raised_hands 🙌 "
    "raising_hand 🙋 recycle ♻️ registered ®️ relaxed ☺️ relieved 😌 repeat 🔁 ribbon 🎀 rice 🍚 ring 💍 "
    "robot 🤖 rocket 🚀 rofl 🤣 rose 🌹 rotating_light 🚨 round_pushpin 📍 running 🏃 runner 🏃 santa 🎅 "
    "satellite 📡 school 🏫 scissors ✂️ scream 😱 scroll 📜 see_no_evil 🙈 seedling 🌱 sheep 🐑 shell 🐚 ship 🚢 "
    "shrug 🤷 facepalm 🤦 skull 💀 sleeping 😴 zzz 💤 sleepy 😪 smile 😄 smiley 😃 smirk 😏 snail 🐌 snake 🐍 "
    "snowflake ❄️ snowman ⛄ sob 😭 soccer ⚽ sparkle ❇️ sparkler 🎇 sparkles ✨ sparkling_heart 💖 "
    "speak_no_evil 🙊 speech_balloon 💬 star ⭐ star2 🌟 stars 🌠 stop_sign 🛑 strawberry 🍓 stuck_out_tongue 😛 "
    "stuck_out_tongue_winking_eye 😜 sun_with_face 🌞 sunflower 🌻 sunglasses 😎 sunny ☀️ sunrise 🌅 surfer 🏄 "
    "sweat 😓 sweat_smile 😅 swimmer 🏊 syringe 💉 tada 🎉 tea 🍵 tent ⛺ thinking 🤔 thought_balloon 💭 tiger 🐯 "
    "tired_face 😫 tm ™️ tomato 🍅 tongue 👅 top 🔝 tractor 🚜 train 🚆 triangular_flag_on_post 🚩 trophy 🏆 "
    "truck 🚚 tulip 🌷 turtle 🐢 tv 📺 two_hearts 💕 umbrella ☔ unamused 😒 unicorn 🦄 unlock 🔓 up 🆙 v ✌️ "
    "vertical_traffic_light 🚦 video_camera 📹 violin 🎻 volcano 🌋 walking 🚶 warning ⚠️ watch ⌚ "
    "watermelon 🍉 wave 👋 weary 😩 whale 🐳 wheelchair ♿ white_check_mark ✅ white_heart 🤍 wind_face 🌬️ "
    "wine_glass 🍷 wink 😉 wolf 🐺 woman 👩 man 👨 world_map 🗺️ worried 😟 wrench 🔧 writing_hand ✍️ x ❌ "
    "yellow_heart 💛 yum 😋 zap ⚡ zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ "
    "eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣ eu 🇪🇺 european_union 🇪🇺 uk 🇬🇧 england 🏴󠁧󠁢󠁥󠁮󠁧󠁿 "
    "scotland 🏴󠁧󠁢󠁳󠁣󠁴󠁿 wales 🏴󠁧󠁢󠁷󠁬󠁳󠁿 rainbow_flag 🏳️‍🌈 white_flag 🏳️ black_flag 🏴"
)
#: Blocks of Unicode in which a name means a sign for readers, and not a letter or a mark.
_SIGNS = ((0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF))
_FIRST_FLAG = 0x1F1E6


def in_text(text: str) -> str:
    """The text with signs in place of names."""
    return _NAME.sub(lambda found: _sign(found[1]) or found[0], text) if ":" in text else text


def in_html(html: str) -> str:
    """Clean HTML with signs in place of names, but in code and within tags."""
    if ":" not in html:
        return html
    parts, in_code = [], 0
    for piece in _PIECE.finditer(html):
        if piece[2]:
            in_code += -1 if piece[1] else 1
        parts.append(in_text(piece[0]) if in_code <= 0 and piece[0][0] != "<" else piece[0])
    return "".join(parts)


@cache
def _known() -> dict[str, str]:
    words = _TABLE.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _flags() -> dict[str, str]:
    countries = {
        code: name for code, name in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", code)
    }
    flags: dict[str, str] = {}
    for code, name in countries.items():
        sign = "".join(chr(_FIRST_FLAG + ord(letter) - ord("A")) for letter in code)
        plain = re.sub(r"[^a-z]+", "_", name.lower().replace("&", "and")).strip("_")
        flags |= {f"flag-{code.lower()}": sign, plain: sign}
        if code in ("DE", "US", "GB", "FR", "ES", "IT", "JP", "KR", "CN", "RU"):
            flags[code.lower()] = sign
    return flags


def _sign(name: str) -> str | None:
    if found := _known().get(name) or _flags().get(name):
        return found
    try:
        char = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None
    return char if any(first <= ord(char) <= last for first, last in _SIGNS) else None
