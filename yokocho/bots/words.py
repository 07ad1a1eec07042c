"""Who the walking visitors are and what they say: short, friendly lines in three languages.

`{stall}` and `{piece}` stand for what the visitor is looking at, `{name}` for whom it answers.
"""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("en", "de", "ja")

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Hazel", "Rowan", "Iris", "Arthur", "Maeve", "Silas", "Nora", "Felix", "Wren", "Owen", "Clara", "Jude"),
    "de": ("Lotte", "Anselm", "Frieda", "Jonas", "Marlene", "Henrik", "Greta", "Emil", "Ida", "Konrad", "Thea", "Ole"),
    "ja": ("はな", "蓮", "さくら", "陽太", "みお", "健", "ゆき", "大和", "かおる", "千尋", "そら", "直樹"),
}

AT_A_STALL: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "Have you seen “{piece}” over here?",
        "I could stand here all evening. {stall}, remember the name.",
        "“{piece}”: come and see it in this light.",
        "Somebody took a long time over this.",
        "It smells of cedar here, I am sure of it.",
        "I am thinking about “{piece}”. Slowly.",
    ),
    "de": (
        "Hast du hier schon hereingeschaut? {stall}.",
        "Hier könnte ich den ganzen Abend stehen.",
        "„{piece}“: schau dir das aus der Nähe an.",
        "Daran hat jemand lange gearbeitet.",
        "Wie schön, hier brennt noch Licht.",
        "Ich überlege noch. In Ruhe.",
    ),
    "ja": (
        "「{stall}」、すてきなお店ですね。",
        "「{piece}」、近くで見るときれいですよ。",
        "ずっと眺めていたくなります。",
        "手仕事の跡が見えますね。",
        "ここの灯り、落ち着きます。",
        "少し考えてから、また来ます。",
    ),
}

ON_THE_WAY: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Good evening.", "The rain has just stopped.", "Mind the puddles.", "Where does the lane end?"),
    "de": ("Guten Abend.", "Gerade hat der Regen aufgehört.", "Vorsicht, Pfützen.", "Wohin führt die Gasse?"),
    "ja": ("こんばんは。", "雨、あがりましたね。", "足元に気をつけてください。", "いい夜ですね。"),
}

ON_THE_BENCH: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Sitting for a while.", "There is room on the bench.", "Good to listen for a moment."),
    "de": ("Ich sitze ein wenig.", "Hier ist noch Platz.", "Schön, einen Moment zuzuhören."),
    "ja": ("少し休んでいきます。", "となり、空いていますよ。", "静かでいいですね。"),
}

ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Good evening, {name}.", "Hello {name}, lovely to see you.", "Welcome, {name}."),
    "de": ("Guten Abend, {name}.", "Hallo {name}, schön, dass du da bist.", "Willkommen, {name}."),
    "ja": ("{name}さん、こんばんは。", "{name}さん、ようこそ。", "{name}さん、はじめまして。"),
}
