"""What sites write at links for other reasons than their posts do, in the languages of our users: that one opens a new
tab, leads to its own heading, or goes on reading. Phrases only; where they count, markup.py says.
"""

from __future__ import annotations

import re

#: Said of a link to who cannot see what it does: the whole of it.
NEW_TAB = re.compile(
    "|".join(
        (
            r"(?:(?:external )?link[,;:]? )?(?:this )?(?:will )?open(?:s|ing)? (?:up )?(?:in |into )?(?:an? )?"
            r"(?:new|another|external) (?:browser )?(?:tab|window|site|website)(?: or window)?",
            r"external(?: link)?(?:, opens in (?:a )?new (?:tab|window))?",
            r"(?:(?:link )?(?:wird|öffnet)(?: sich)? )?in (?:einem )?neue[nmrs]? (?:browser-?)?"
            r"(?:tab|fenster|registerkarte)(?: geöffnet)?",
            r"(?:s['’])?ouvre (?:dans )?une? (?:nouvel onglet|nouvelle fenêtre)",
            r"nouvelle fenêtre|nouvel onglet|(?:s['’])?ouvre dans un nouvel onglet",
            r"(?:se )?abre(?:rá)? (?:en |em |num |numa )?(?:una? |uma? )?(?:nueva|nova|novo) "
            r"(?:pestaña|ventana|aba|janela|guia|separador)",
            r"(?:si )?apre (?:in )?(?:una )?nuova (?:scheda|finestra)",
            r"opent (?:in )?(?:een )?nieuwe? (?:tabblad|tab|venster)",
            r"öppnas i (?:en |ett )?nytt? (?:flik|fönster)",
            r"åb?p?nes i (?:en |et )?nyt{0,2} (?:fane|vindue?)|åbner i (?:en |et )?nyt{0,2} (?:fane|vindue?)",
            r"avautuu uuteen (?:välilehteen|ikkunaan)",
            r"otwiera (?:się )?(?:w )?now\w+ (?:okno|oknie|karcie|kartę)",
            r"otevře se v nov\w+ (?:kartě|okně)",
            r"откр\w+ в нов\w+ (?:вкладке|окне)",
            r"新しい(?:タブ|ウィンドウ)で開(?:く|きます)",
            r"在新(?:窗口|标签页|視窗|分頁)中?(?:打开|開啟)",
        )
    ),
    re.IGNORECASE,
)
#: Some words of it, to look for in a whole text.
ABOUT_TABS = re.compile(
    r"new (?:browser )?(?:tab|window)|external link|neue[nmrs]? (?:browser-?)?(?:tab|fenster)|onglet|fenêtre|pestaña"
    r"|ventana|janela|\baba\b|separador|scheda|finestra|tabblad|venster|\bflik|fönster|\bfane|\bvindu|välilehteen"
    r"|ikkunaan|kar[tc][aceěęi]|okn[oiě]|вкладк|окне|タブ|ウィンドウ|窗口|标签页|視窗|分頁",
    re.IGNORECASE,
)
#: Said of the mark beside a heading: how it begins.
TITLED = re.compile(
    r"(?:section titled|permalink(?: to| for)?|direct link to|link to (?:this|the) (?:heading|section)"
    r"|anchor link (?:to|for))\b|[¶#§🔗⚓]$",
    re.IGNORECASE,
)
#: Of a link from the beginning of a post to all of it.
READ_ON = re.compile(
    r"(?:continue reading|read (?:more|on|the (?:rest|full|whole)|full)|keep reading|view (?:post|in browser|online)"
    r"|weiterlesen|mehr lesen|ganzen beitrag lesen|lire la suite|en savoir plus|seguir leyendo|leer más"
    r"|continua a leggere|leggi tutto|lees (?:meer|verder)|ler mais|leia mais|continue lendo|läs mer|læs mere|les mer"
    r"|lue lisää|czytaj dalej|číst dál|читать (?:далее|дальше)|続きを読む|阅读更多|继续阅读|繼續閱讀)(?!\w).{0,120}",
    re.IGNORECASE | re.DOTALL,
)
