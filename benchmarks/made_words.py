"""Invented stories and the words around them, in several languages, for benchmarks/made_pages.py."""

from __future__ import annotations

from dataclasses import dataclass

#: For each language: sentences with places for a name and a number, names, and what stands around a post.
SENTENCES = {
    "en": (
        "In the spring {n} neighbours met at {p} to clear the ditch, and by noon the water ran again as it had years ago.",
        "Nobody had a plan for {p}, so the oldest of them drew one with chalk on the door, with all {n} beds and the pond.",
        "The seeds came from a drawer at {p}, {n} kinds in paper bags, each with a name in somebody's handwriting.",
        "By the end of the week {n} of the trees near {p} had a stake, a label, and a child who had promised to water it.",
        "What was left over went to {p}, where a cook makes soup for {n} people every Thursday, whoever they are.",
        "Rain fell for {n} days on {p}, and when it was over the path had moved a little, as paths do, towards the river.",
    ),
    "de": (
        "Im Frühjahr trafen sich {n} Nachbarn an {p}, um den Graben zu räumen, und mittags lief das Wasser wie früher.",
        "Niemand hatte einen Plan für {p}, also zeichnete die Älteste einen mit Kreide an die Tür, mit allen {n} Beeten.",
        "Das Saatgut kam aus einer Schublade bei {p}, {n} Sorten in Papiertüten, jede mit einem Namen von Hand.",
        "Am Ende der Woche hatten {n} der Bäume bei {p} einen Pfahl, ein Schild und ein Kind, das gießen wollte.",
        "Was übrig blieb, ging an {p}, wo ein Koch jeden Donnerstag für {n} Leute Suppe kocht, wer sie auch sind.",
        "Es regnete {n} Tage lang auf {p}, und danach war der Weg ein wenig zum Fluss gerückt, wie Wege das tun.",
    ),
    "fr": (
        "Au printemps, {n} voisins se sont retrouvés près de {p} pour curer le fossé, et à midi l'eau coulait de nouveau.",
        "Personne n'avait de plan pour {p}, alors la plus âgée en a tracé un à la craie, avec les {n} carrés et la mare.",
        "Les graines venaient d'un tiroir de {p}, {n} variétés dans des sachets, chacune avec un nom écrit à la main.",
        "À la fin de la semaine, {n} des arbres de {p} avaient un tuteur, une étiquette et un enfant pour les arroser.",
        "Ce qui restait est parti pour {p}, où un cuisinier prépare chaque jeudi la soupe pour {n} personnes.",
        "Il a plu {n} jours sur {p}, et ensuite le chemin s'était un peu rapproché de la rivière, comme font les chemins.",
    ),
    "es": (
        "En primavera, {n} vecinos se reunieron en {p} para limpiar la acequia, y al mediodía el agua corría otra vez.",
        "Nadie tenía un plan para {p}, así que la mayor dibujó uno con tiza en la puerta, con los {n} bancales y la charca.",
        "Las semillas salieron de un cajón de {p}, {n} clases en bolsas de papel, cada una con un nombre escrito a mano.",
        "Al final de la semana, {n} de los árboles de {p} tenían una estaca, una etiqueta y un niño que los regaba.",
        "Lo que sobró fue a {p}, donde un cocinero prepara sopa para {n} personas cada jueves, sean quienes sean.",
        "Llovió {n} días sobre {p}, y después el camino se había movido un poco hacia el río, como hacen los caminos.",
    ),
    "it": (
        "In primavera {n} vicini si sono trovati a {p} per pulire il fosso, e a mezzogiorno l'acqua scorreva di nuovo.",
        "Nessuno aveva un piano per {p}, così la più anziana ne disegnò uno col gesso, con tutte le {n} aiuole e lo stagno.",
        "I semi venivano da un cassetto di {p}, {n} varietà in sacchetti di carta, ognuna con un nome scritto a mano.",
        "Alla fine della settimana {n} degli alberi di {p} avevano un palo, un cartellino e un bambino che li annaffiava.",
        "Quello che restava andò a {p}, dove un cuoco prepara la zuppa per {n} persone ogni giovedì, chiunque siano.",
        "Piovve per {n} giorni su {p}, e poi il sentiero si era spostato un poco verso il fiume, come fanno i sentieri.",
    ),
    "pl": (
        "Wiosną {n} sąsiadów spotkało się przy {p}, żeby oczyścić rów, i w południe woda płynęła jak dawniej.",
        "Nikt nie miał planu dla {p}, więc najstarsza narysowała go kredą na drzwiach, ze wszystkimi {n} grządkami.",
        "Nasiona pochodziły z szuflady w {p}, {n} odmian w papierowych torebkach, każda z nazwą pisaną ręcznie.",
        "Pod koniec tygodnia {n} drzew koło {p} miało palik, tabliczkę i dziecko, które obiecało je podlewać.",
        "To, co zostało, trafiło do {p}, gdzie kucharz gotuje zupę dla {n} osób w każdy czwartek, kimkolwiek są.",
        "Padało przez {n} dni nad {p}, a potem ścieżka przesunęła się trochę w stronę rzeki, jak to ścieżki.",
    ),
    "ja": (
        "春になると、{p}に{n}人の近所の人が集まり、みんなで溝をきれいにした。昼には昔のように水が流れていた。",
        "{p}には計画がなかったので、いちばん年上の人が{n}の畝と池をチョークで扉に描いた。それが始まりだった。",
        "種は{p}の引き出しから出てきた。紙袋に入った{n}種類で、どれにも誰かの手書きの名前がついていた。",
        "週の終わりには、{p}の{n}本の木に支柱と札がつき、水をやると約束した子どもがひとりずついた。",
        "残ったものは{p}へ運ばれた。そこでは料理人が毎週木曜日に{n}人分のスープを作っている。",
        "{p}には{n}日間雨が降り、やんだときには道が少しだけ川のほうへ動いていた。道とはそういうものだ。",
    ),
}
PLACES = (
    "Marlow",
    "Birkenau",
    "Sainte-Ode",
    "Robledo",
    "Castelvero",
    "Olszyna",
    "Tamura",
    "Harrow Green",
    "Lindhof",
)
TITLES = {
    "en": "How a street dug its own canal",
    "de": "Wie eine Straße ihren Bach wiederfand",
    "fr": "Le jour où la rue a rouvert son ruisseau",
    "es": "La calle que recuperó su acequia",
    "it": "La strada che ritrovò il suo fosso",
    "pl": "Jak ulica odzyskała swój strumień",
    "ja": "小川を取りもどした通りの話",
}
SITES = {
    "en": "Tidewater Notes", "de": "Blatt am Wehr", "fr": "Carnets du quai", "es": "Cuadernos del valle",
    "it": "Quaderni del borgo", "pl": "Zeszyty znad rzeki", "ja": "川辺の手帖",
}  # fmt: skip
HEADINGS = {
    "en": "What the water did", "de": "Was das Wasser tat", "fr": "Ce que l'eau a fait", "es": "Lo que hizo el agua",
    "it": "Che cosa fece l'acqua", "pl": "Co zrobiła woda", "ja": "水がしたこと",
}  # fmt: skip


@dataclass(frozen=True)
class Around:
    """What stands around a post."""

    menu: tuple[str, ...]
    related: str
    also: tuple[str, ...]
    share: str
    letter: str
    letter_text: str
    comments: str
    comment: str
    before: str
    tagged: str
    cookies: str
    rights: str
    by: str
    on: str
    about_author: str


AROUND = {
    "en": Around(
        ("Home", "About us", "Projects", "Contact"), "You may also like",
        ("Ten ways to mend a gate", "The mill has a new wheel", "Why the bees came back"), "Share this post",
        "Get our letter", "Sign up and once a month we send you what happened in the gardens and on the water.",
        "3 comments", "I was there that day and the soup was cold, but what a lovely morning it was for all of us.",
        "Previous post: The bridge is open", "Filed under: Water", "We use cookies to see which pages people read.",
        "All rights reserved", "By", "Posted on", "writes about rivers and the people beside them, and lives in a mill.",
    ),
    "de": Around(
        ("Start", "Über uns", "Projekte", "Kontakt"), "Das könnte Sie auch interessieren",
        ("Das Rathaus bekommt ein neues Dach", "Die Brücke am Wehr ist offen", "Warum die Bienen zurückkamen"),
        "Beitrag teilen", "Unser Rundbrief",
        "Melden Sie sich an, und einmal im Monat schreiben wir Ihnen, was in den Gärten und am Wasser geschah.",
        "3 Kommentare", "Ich war an dem Tag dabei und die Suppe war kalt, aber was für ein schöner Morgen war das.",
        "Vorheriger Beitrag: Die Brücke ist offen", "Kategorie: Wasser", "Wir verwenden Cookies, um zu sehen, was gelesen wird.",
        "Alle Rechte vorbehalten", "Von", "Veröffentlicht am", "schreibt über Flüsse und ihre Leute und wohnt in einer Mühle.",
    ),
    "fr": Around(
        ("Accueil", "À propos", "Projets", "Contact"), "À lire aussi",
        ("Dix façons de réparer un portail", "Le moulin a une roue neuve", "Pourquoi les abeilles sont revenues"),
        "Partager cet article", "Notre lettre",
        "Inscrivez-vous et une fois par mois nous vous écrivons ce qui s'est passé dans les jardins et sur l'eau.",
        "3 commentaires", "J'étais là ce jour-là et la soupe était froide, mais quelle belle matinée pour nous tous.",
        "Article précédent : Le pont est ouvert", "Classé dans : Eau", "Nous utilisons des cookies pour savoir ce qui est lu.",
        "Tous droits réservés", "Par", "Publié le", "écrit sur les rivières et leurs gens, et vit dans un moulin.",
    ),
    "es": Around(
        ("Inicio", "Quiénes somos", "Proyectos", "Contacto"), "Te puede interesar",
        ("Diez maneras de arreglar una verja", "El molino tiene rueda nueva", "Por qué volvieron las abejas"),
        "Compartir esta entrada", "Nuestro boletín",
        "Suscríbete y una vez al mes te contamos lo que pasó en los huertos y en el agua, sin más.",
        "3 comentarios", "Yo estuve allí ese día y la sopa estaba fría, pero qué mañana tan bonita fue para todos.",
        "Entrada anterior: El puente está abierto", "Archivado en: Agua", "Usamos cookies para saber qué páginas se leen.",
        "Todos los derechos reservados", "Por", "Publicado el", "escribe sobre ríos y su gente, y vive en un molino.",
    ),
    "it": Around(
        ("Inizio", "Chi siamo", "Progetti", "Contatti"), "Potrebbe interessarti anche",
        ("Dieci modi di riparare un cancello", "Il mulino ha una ruota nuova", "Perché le api sono tornate"),
        "Condividi questo articolo", "La nostra lettera",
        "Iscriviti e una volta al mese ti scriviamo che cosa è successo negli orti e sull'acqua, nient'altro.",
        "3 commenti", "C'ero anch'io quel giorno e la zuppa era fredda, ma che bella mattina è stata per tutti noi.",
        "Articolo precedente: Il ponte è aperto", "Categoria: Acqua", "Usiamo i cookie per sapere quali pagine si leggono.",
        "Tutti i diritti riservati", "Di", "Pubblicato il", "scrive di fiumi e della loro gente, e vive in un mulino.",
    ),
    "pl": Around(
        ("Start", "O nas", "Projekty", "Kontakt"), "Zobacz także",
        ("Dziesięć sposobów na naprawę furtki", "Młyn ma nowe koło", "Dlaczego pszczoły wróciły"),
        "Udostępnij wpis", "Nasz list",
        "Zapisz się, a raz w miesiącu napiszemy, co się działo w ogrodach i nad wodą, i nic więcej.",
        "3 komentarze", "Byłem tam tego dnia i zupa była zimna, ale co za piękny poranek to był dla nas wszystkich.",
        "Poprzedni wpis: Most jest otwarty", "Kategoria: Woda", "Używamy plików cookie, aby wiedzieć, co jest czytane.",
        "Wszelkie prawa zastrzeżone", "Autor:", "Opublikowano", "pisze o rzekach i ich ludziach, i mieszka w młynie.",
    ),
    "ja": Around(
        ("ホーム", "私たちについて", "活動", "お問い合わせ"), "関連記事",
        ("門を直す十の方法", "水車の輪が新しくなりました", "蜂が帰ってきた理由"), "この記事をシェア", "お便り",
        "登録すると、月に一度、畑と水辺で起きたことをお知らせします。それ以外のものは送りません。",
        "コメント3件", "その日は私もいました。スープは冷めていたけれど、みんなにとってすてきな朝でした。",
        "前の記事：橋が開通しました", "カテゴリー：水", "どのページが読まれているかを知るためにクッキーを使っています。",
        "無断転載を禁じます", "著者：", "公開日", "川とそのそばの人びとについて書き、水車小屋に住んでいる。",
    ),
}  # fmt: skip
AUTHORS = {
    "en": "Hazel Quillon", "de": "Jörg Wiesner", "fr": "Maëlle Tissot", "es": "Íñigo Larrañaga", "it": "Bruna Cattani",
    "pl": "Łucja Zawada", "ja": "田村 陽子",
}  # fmt: skip
DATES = {
    "en": "May 4, 2023", "de": "4. Mai 2023", "fr": "4 mai 2023", "es": "4 de mayo de 2023", "it": "4 maggio 2023",
    "pl": "4 maja 2023", "ja": "2023年5月4日",
}  # fmt: skip
