"""What stands around a post in languages other than English: the words that lines.py knows lines by.

Each is a regular expression for a whole line without the ornament at its ends, in small or capital letters.
"""

from __future__ import annotations

_NETWORK = (
    r"(?:facebook|twitter|x|instagram|linkedin|xing|whatsapp|telegram|mastodon|bluesky|threads|reddit|pinterest|e-?mail"
    r"|mail|courriel|correo|line|weibo|vk|微博|微信)"
)


def _share(verb: str, what: str, on: str) -> str:
    """ "Share", "share this post", "share on …": never a verb with an object of its own, which may be a heading."""
    return rf"(?:{verb})(?: (?:{what}))?(?: (?:{on}) {_NETWORK}.{{0,30}})?"


#: Furniture wherever it stands: shares, menus, "read on", cookies, sign-up.
ALWAYS = (
    # de
    _share(r"(?:diesen |den )?(?:beitrag|artikel|seite) teilen|teilen", r"\b", r"auf|mit|via|per|bei"),
    rf"(?:auf|per|via|bei|über) {_NETWORK} teilen|weiterlesen|mehr (?:lesen|erfahren)|(?:artikel|seite|beitrag) drucken|zum seitenanfang",
    r"(?:direkt )?zum (?:haupt)?inhalt(?: springen| wechseln)?|zur (?:navigation|suche) springen|menü(?: öffnen| schließen)?",
    r"(?:newsletter|rundbrief) (?:abonnieren|bestellen)|jetzt (?:anmelden|abonnieren|spenden)|einen? kommentar (?:schreiben|hinterlassen)",
    r"(?:alle )?cookies (?:akzeptieren|ablehnen|zulassen)|alle (?:akzeptieren|ablehnen)|cookie-einstellungen|anzeige",
    r"(?:ca\. )?\d+ min(?:uten)?\.? lesezeit|lesezeit:? .{0,20}",
    # fr
    _share(r"partage[rz]", r"cet article|l['’]article|cette page|ce billet", r"sur|par|via"),
    r"imprimer (?:cet |l['’])article|lire (?:la suite|plus)|en savoir plus|aller au contenu(?: principal)?|haut de (?:la )?page|laisser un commentaire",
    r"(?:tout|tous les cookies) (?:accepter|refuser)|(?:accepter|refuser) (?:tout|tous les cookies|les cookies)|s['’]abonner(?: à la (?:newsletter|lettre.{0,20}))?|abonnez-vous(?: à .{0,40})?",
    r"temps de lecture.{0,20}|lecture (?:de )?\d+ min(?:utes)?|faire un don",
    # es, pt
    _share(
        r"compart(?:ir|e|a|ilhar|ilhe)",
        r"esta (?:entrada|página|noticia|notícia)|este (?:artículo|post|artigo)|isto|esto",
        r"en|por|vía|no|na|via|pelo",
    ),
    r"(?:leer|seguir leyendo|sigue leyendo|leia|ler|saber|saiba) (?:más|mais)|seguir leyendo|imprimir (?:este artículo|esta página|este artigo)",
    r"(?:saltar|ir|pular) (?:al|para o) (?:contenido|conteúdo)(?: principal)?|deja(?:r)? un comentario|deixe um comentário",
    r"suscr[ií]b(?:ete|irse|ase)(?: (?:a|al) .{0,40})?|inscreva-se(?: .{0,40})?|(?:aceptar|rechazar|aceitar|rejeitar) (?:tod[ao]s?|tudo|(?:las |os )?cookies)(?: las cookies)?",
    r"tiempo de lectura.{0,20}|tempo de leitura.{0,20}",
    # it
    _share(r"condividi", r"questo (?:articolo|post)|l['’]articolo|questa pagina", r"su|via|con"),
    r"leggi (?:tutto|di più)|continua a leggere|torna (?:su|in alto)|vai al contenuto(?: principale)?|lascia un commento",
    r"iscriviti (?:alla (?:newsletter|nostra .{0,30})|ora)|(?:accetta|rifiuta) (?:tutti|tutto|i cookie)|tempo di lettura.{0,20}",
    # nl
    _share(r"delen|deel", r"dit (?:artikel|bericht)|deze pagina", r"op|via|met"),
    r"lees (?:meer|verder)|naar (?:boven|(?:de )?inhoud)|ga naar (?:de )?inhoud|(?:alle )?cookies (?:accepteren|weigeren)|plaats een reactie|leestijd.{0,20}",
    r"(?:meld je|schrijf je) (?:aan|in) (?:voor .{0,40})",
    # pl, cs, ru, uk
    _share(r"udostępnij", r"(?:ten )?(?:wpis|artykuł|post)", r"na|przez"),
    r"czytaj (?:więcej|dalej)|przejdź do treści|zapisz się (?:do|na) (?:newslettera?|.{0,30})|dodaj komentarz|czas czytania.{0,20}|(?:akceptuj|odrzuć) wszystkie",
    _share(r"sdílet|поделиться|поділитися", r"(?:tento )?článek|записью|статьей", r"na|přes|в|у|на"),
    r"číst (?:více|dále)|přejít k obsahu|читать (?:далее|дальше|полностью)|читати (?:далі|більше)",
    # sv, da, nb, fi
    _share(
        r"dela|del|jaa",
        r"(?:artikel(?:en|n)?|inlägget|innlegget|opslaget|denna sida|artikkeli)",
        r"på|via|med",
    ),
    r"läs (?:mer|vidare)|læs (?:mere|videre)|les (?:mer|videre)|lue lisää|(?:hoppa|gå|spring|hopp) till? (?:innehåll(?:et)?|indhold(?:et)?|innhold(?:et)?)",
    # ja, zh, ko
    r"(?:この(?:記事|ページ|投稿)を)?(?:シェア|共有)(?:する)?|続きを読む|もっと(?:見る|読む)|(?:ページ)?トップへ戻る|ページトップへ",
    r"分享(?:到.{0,10}|本文|这篇文章)?|(?:阅读|閱讀)(?:更多|全文)|返回顶部|回到頂部|공유(?:하기)?|더 ?보기|계속 읽기|맨 위로",
    # rights
    r".{0,60}(?:alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados"
    r"|tutti i diritti riservati|alle rechten voorbehouden|wszelkie prawa zastrzeżone|všechna práva vyhrazena"
    r"|все права защищены|無断転載を禁じます|版权所有).{0,40}",
)
#: Below one of these come other posts, or what readers say.
AFTER_THE_POST = (
    # de
    r"(?:ähnliche|verwandte|weitere|passende|neueste|aktuelle|andere|die neuesten|meistgelesene|beliebte) (?:beiträge|artikel|themen|inhalte|meldungen|nachrichten|news|posts?|texte|geschichten|blogbeiträge)(?: .{0,40})?",
    r"(?:das|dies) (?:könnte|kann|dürfte) (?:sie|dich|euch|ihnen|dir)? ?(?:auch |ebenfalls )?(?:interessieren|gefallen)(?: .{0,20})?",
    r"(?:auch|ebenfalls|mehr) interessant|(?:lesen sie|lies|lest) (?:auch|dazu|mehr|weiter)(?:\s*:?.{0,100})?|mehr (?:zum thema|zu diesem thema|beiträge|artikel|aus dem blog|von .{1,40})(?:\s*:.{0,100})?",
    r"zum weiterlesen|(?:\d+|keine|ein) kommentare?|kommentare? (?:schreiben|hinterlassen)|schreibe einen kommentar|das interessiert (?:sie|dich) (?:auch|vielleicht)",
    r"(?:themen|themenseiten|schlagw(?:ort|örter)|mehr) zu diesem (?:artikel|beitrag|text)",
    # fr
    r"(?:à|a) lire (?:aussi|également|ensuite)(?:\s*:?.{0,100})?|lire aussi(?:\s*:?.{0,100})?|(?:articles?|billets?|sujets?|contenus?) (?:similaires?|liés?|connexes?|récents?|associés?|populaires?)",
    r"(?:cela|ça|ceci) (?:pourrait|peut) (?:aussi |également )?vous (?:intéresser|plaire)(?: .{0,20})?|vous (?:aimerez|pourriez) (?:aussi|également)?(?: .{0,30})?|(?:sur le même (?:sujet|thème)|dans la même (?:catégorie|rubrique))",
    r"(?:derniers|autres|nos derniers) (?:articles|billets)|plus d['’](?:articles|actualités)|(?:\d+|aucun) commentaires?",
    # es, pt
    r"(?:artículos?|entradas?|noticias?|contenidos?|posts?|publicaciones?|artigos?|notícias?|conteúdos?|postagens?|temas?) (?:relacionad[ao]s?|recientes?|recentes?|similares?|destacad[ao]s?|populares?)",
    r"(?:también )?te (?:puede|podría|pueden|podrían) (?:también )?(?:interesar|gustar)(?: .{0,20})?|quizás? te interese|(?:lee|leer|lea|leia|veja|ver) (?:también|también:|también.{0,3}|também)(?:\s*:?.{0,100})?",
    r"você (?:também )?(?:pode|poderá) (?:também )?(?:gostar|se interessar)(?: .{0,20})?|más (?:noticias|artículos|entradas|sobre .{1,40})|mais (?:notícias|artigos|sobre .{1,40})|(?:\d+|sin|nenhum) coment[aá]rios?",
    r"(?:últim[ao]s|otr[ao]s) (?:noticias|artículos|entradas|posts|notícias|artigos)",
    # it
    r"(?:potrebbe|potrebbero|ti potrebbe|vi potrebbe) (?:interessart?[iv]?|interessare|piacerti)?(?: .{0,30})?|(?:articoli|post|contenuti|notizie) (?:correlat[ie]|simili|recenti|collegat[ie])",
    r"leggi anche(?:\s*:?.{0,100})?|(?:altri|ultimi) (?:articoli|post)|ultime notizie|(?:\d+|nessun) comment[oi]",
    # nl
    r"(?:gerelateerde?|verwante|vergelijkbare|andere|recente|meer|laatste) (?:berichten|artikelen|artikels|onderwerpen|nieuws|blogs|verhalen)|(?:dit vind je misschien|misschien vind je dit|bekijk|lees) ook(?: .{0,90})?",
    r"(?:\d+|geen) reacties?|(?:wellicht|misschien) (?:ook )?interessant",
    # pl, cs, sk
    r"(?:zobacz|przeczytaj|czytaj|sprawdź) (?:także|też|również)(?:\s*:?.{0,100})?|(?:podobne|powiązane|inne|najnowsze|ostatnie|polecane) (?:wpisy|artykuły|posty|teksty|wiadomości)|może (?:cię|ci|państwa) (?:zainteresować|też zainteresować|spodobać).{0,20}",
    r"(?:\d+ )?komentarz(?:e|y)|(?:související|podobné|další|nejnovější) (?:články|příspěvky)|mohlo by (?:vás|se vám|tě).{0,30}|(?:čtěte|přečtěte si) (?:také|i)(?:\s*:?.{0,100})?|(?:súvisiace|podobné|ďalšie) (?:články|príspevky)",
    # ru, uk
    r"(?:похожие|связанные|другие|последние|рекомендуемые|свежие) (?:записи|статьи|материалы|публикации|новости|посты)|читайте (?:также|ещё|еще)(?:\s*:?.{0,100})?|(?:вам )?(?:может|также может) (?:быть интересно|понравиться|заинтересовать)|(?:\d+ )?комментари(?:й|я|ев|и)",
    r"(?:схожі|пов['’]язані|інші|останні) (?:записи|статті|матеріали|публікації|новини)|читайте також(?:\s*:?.{0,100})?|(?:вас |вам )?(?:може|також може) (?:зацікавити|сподобатися)|(?:\d+ )?коментар(?:і|ів)?",
    # sv, da, nb, fi
    r"(?:relaterade|liknande|fler|andra|senaste) (?:inlägg|artiklar|nyheter)|läs (?:också|även)(?:\s*:?.{0,100})?|du kanske (?:också )?(?:gillar|är intresserad av)(?: .{0,20})?",
    r"(?:relaterede|lignende|flere|andre|seneste) (?:indlæg|artikler|nyheder)|læs også(?:\s*:?.{0,100})?|(?:relaterte|lignende|flere|andre|siste) (?:innlegg|artikler|nyheter|saker)|les også(?:\s*:?.{0,100})?",
    r"(?:\d+|inga|ingen) (?:kommentarer?)|(?:aiheeseen liittyv[äi].{0,20}|lue myös(?:\s*:?.{0,100})?|samankaltais.{0,20}|muita artikkeleita)",
    # hu, ro, tr, el, ca
    r"(?:kapcsolódó|hasonló|további) (?:bejegyzések|cikkek)|(?:articole|postări) (?:similare|asemănătoare|recente)|citește și(?:\s*:?.{0,100})?|(?:ilgili|benzer|diğer) (?:yazılar|haberler|makaleler|içerikler)",
    r"(?:σχετικά|παρόμοια) (?:άρθρα|θέματα)|διαβάστε (?:επίσης|ακόμα)(?:\s*:?.{0,100})?|(?:articles|entrades) relaciona(?:ts|des)|també et pot interessar",
    # ja, zh, ko
    r"(?:関連|おすすめ|人気|最新|新着|最近)(?:の)?(?:記事|投稿|ニュース|ページ|コンテンツ)(?:一覧)?|(?:あわせて|こちらも|合わせて)(?:読みたい|おすすめ|どうぞ|ご覧ください)|コメント(?:を残す|する)?(?:\s?\d+\s?件)?|(?:この記事に関連する).{0,20}",
    r"(?:相关|相關|推荐|推薦|最新|热门|熱門|更多|延伸)(?:的)?(?:文章|阅读|閱讀|新闻|新聞|内容|內容|推荐)|(?:猜你喜欢|你可能(?:还|也)?(?:喜欢|感兴趣).{0,10}|您可能.{0,12})|(?:发表|發表)?(?:评论|評論|留言)",
    r"(?:관련|추천|인기|최신|다른)\s?(?:글|기사|게시물|포스트|뉴스|콘텐츠)(?: 더 ?보기)?|함께 (?:보면|읽으면) 좋은 글|댓글(?:\s?\d+\s?개)?(?: 남기기)?",
)
#: Furniture only above the title or below the last paragraph.
AT_THE_EDGES = (
    r"(?:vorherige[rs]?|nächste[rs]?|älter[er]*|neuer[er]*) (?:beitrag|artikel|seite)(?:\s*[:»›→-].{0,90})?|(?:zurück|weiter|übersicht)(?: zur? .{1,30})?|startseite|über uns|kontakt|impressum|datenschutz(?:erklärung)?",
    r"(?:kategorien?|schlagw(?:ort|orte|örter)|themen|rubrik|tags)(?:\s*:.{0,100})?|verschlagwortet.{0,100}|(?:abgelegt|veröffentlicht) (?:unter|in)\b.{0,100}",
    r"(?:article|billet|page) (?:précédente?|suivante?)(?:\s*[:»›→-].{0,90})?|accueil|à propos|mentions légales|(?:catégories?|étiquettes?|mots-clés|rubrique)(?:\s*:.{0,100})?|classé (?:dans|sous)\b.{0,100}",
    r"(?:entrada|artículo|página|post|artigo) (?:anterior|siguiente|seguinte|próxim[ao])(?:\s*[:»›→-].{0,90})?|inicio|início|quiénes somos|sobre nosotros|quem somos|contacto|contato|(?:categorías?|categorias?|etiquetas?|temas)(?:\s*:.{0,100})?|(?:archivado|publicado) (?:en|em)\b.{0,100}",
    r"(?:articolo|post|pagina) (?:precedente|successiv[oa])(?:\s*[:»›→-].{0,90})?|chi siamo|contatti|(?:categori[ae]|etichette?|tag)(?:\s*:.{0,100})?|pubblicato in\b.{0,100}",
    r"(?:vorige?|volgende?) (?:bericht|artikel|pagina)(?:\s*[:»›→-].{0,90})?|over ons|(?:categorie(?:ën)?|trefwoorden)(?:\s*:.{0,100})?",
    r"(?:poprzedni|następny) (?:wpis|artykuł|post)(?:\s*[:»›→-].{0,90})?|o nas|kontakt|(?:kategori[ae]|tagi|etykiety)(?:\s*:.{0,100})?",
    r"(?:föregående|nästa|forrige|næste|neste) (?:inlägg|artikel|indlæg|innlegg)(?:\s*[:»›→-].{0,90})?|om oss|om os|kategorier?(?:\s*:.{0,100})?|etiketter?(?:\s*:.{0,100})?",
    r"(?:предыдущая|следующая) (?:запись|статья)(?:\s*[:»›→-].{0,90})?|(?:рубрик[аи]|метки|теги)(?:\s*:.{0,100})?|о нас|контакты",
    r"(?:前|次)の(?:記事|投稿|ページ)(?:\s*[：:»›→-].{0,90})?|(?:カテゴリー?|タグ)(?:\s*[：:].{0,100})?|ホーム|(?:上一篇|下一篇)(?:\s*[：:].{0,90})?|(?:分类|分類|标签|標籤)(?:\s*[：:].{0,100})?|이전 ?글.{0,90}|다음 ?글.{0,90}|(?:카테고리|태그)(?:\s*:.{0,100})?",
)
#: The notices that a page shows about cookies, and that WordPress writes below a post in each language.
NOTICES = (
    r"diese[rs]? (?:beitrag|eintrag|artikel) wurde\b.{0,90}\b(?:veröffentlicht|geschrieben|abgelegt|gepostet|verfasst|erstellt)\b.*",
    r"(?:cet(?:te)? (?:entrée|article|billet)|ce (?:contenu|billet)) a été (?:publiée?|postée?|écrite?|classée?)\b.*",
    r"est[ae] (?:entrada|artículo|post|artigo) (?:fue|foi) (?:publicad[ao]|escrit[ao]|postad[ao]|archivad[ao])\b.*",
    r"quest[ao] (?:voce|articolo|post) è stat[ao] (?:pubblicat|inserit|scritt|postat)[ao]\b.*",
    r"dit bericht (?:werd|is) (?:geplaatst|gepubliceerd)\b.*|ten wpis został (?:opublikowany|dodany)\b.*",
    r"(?:запись опубликована|эта запись была опубликована|цей запис опублікований)\b.*|この(?:投稿|エントリー)は.{0,60}(?:投稿|公開)され.{0,80}",
    r".{0,80}(?:クッキー|cookie)(?:\s?[（(]cookie[）)])?(?:を|の).{0,30}(?:使用|使って|利用).{0,100}|.{0,40}使用\s?cookie.{0,100}",
    r"(?:(?:wir|diese (?:web)?seite|unsere (?:web)?seite) (?:verwende[tn]|nutz(?:en|t)|setzen?) .{0,40}cookies.*)",
    r"(?:nous utilisons|ce site utilise) (?:des |les )?cookies.*|(?:usamos|utilizamos|este sitio (?:web )?utiliza|este site (?:usa|utiliza)) (?:las )?cookies.*",
    r"(?:usiamo|utilizziamo|questo sito (?:web )?(?:usa|utilizza)) (?:i |dei )?cookies?.*|(?:wij|we|deze website) gebruik(?:en|t) cookies.*|(?:używamy|ta strona używa|korzystamy z) (?:plików )?cookie.*",
)
