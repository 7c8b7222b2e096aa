"""Formulas of all makes: what they mean stands in the text, once."""

import pytest

from newsletter.sources import losses
from newsletter.sources.article.html_page import read_html
from newsletter.sources.html.math.mathml import plain_tex
from newsletter.sources.html.sanitize import clean, clean_with_files, plain_text, summary_of

BASE = "https://hub.example.org/posts/seeds"


def said(mathml: str) -> str:
    return plain_text(clean(f"<p>a <math>{mathml}</math> b</p>", ""))[2:-2]


def _n(value):
    return f"<mn>{value}</mn>"


def _i(value):
    return f"<mi>{value}</mi>"


def _o(value):
    return f"<mo>{value}</mo>"


def _row(*parts):
    return f"<mrow>{''.join(parts)}</mrow>"


def _frac(above, below):
    return f"<mfrac>{above}{below}</mfrac>"


def _sup(base, above):
    return f"<msup>{base}{above}</msup>"


def _sub(base, below):
    return f"<msub>{base}{below}</msub>"


def _table(*rows):
    cells = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"


SQUARED = _row(_i("E"), _o("="), _i("m"), _sup(_i("c"), _n(2)))
TEX = '<annotation encoding="application/x-tex">E=mc^2</annotation>'
MATH = f"<math><semantics>{SQUARED}{TEX}</semantics></math>"


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        (_frac(_n(1), _n(2)), "1/2"),
        (_n(2) + _frac(_n(1), _n(2)), "2 1/2"),
        (_frac(_n(1), _n(2)) + _i("m") + _sup(_i("v"), _n(2)), "1/2 mv^2"),
        (_frac(_row(_i("a"), _o("+"), _i("b")), _row(_n(2), _i("a"))), "(a + b)/(2a)"),
        (_frac(_frac(_n(1), _n(2)), _n(3)), "(1/2)/3"),
        (_frac(_n(1), _frac(_n(2), _n(3))), "1/(2/3)"),
        (_frac(_i("d"), _row(_i("d"), _i("x"))), "d/dx"),
        (_sup(_n(10), _n(6)), "10^6"),
        (_sup(_n(10), _row(_o("−"), _n(6))), "10^-6"),
        (SQUARED, "E = mc^2"),
        (_sub(_i("H"), _n(2)) + _i("O"), "H_2O"),
        (_sub(_i("a"), _row(_i("i"), _i("j"))), "a_(ij)"),
        (_sup(_i("x"), _frac(_n(1), _n(2))), "x^(1/2)"),
        (_sup(_sup(_i("a"), _i("b")), _i("c")), "(a^b)^c"),
        (_sup(_i("e"), _i("x")) + _i("y"), "e^x y"),
        (_sup(_n(90), _o("∘")), "90°"),
        (_sup(_i("f"), _o("′")) + _o("(") + _i("x") + _o(")"), "f′(x)"),
        (_i("sin") + _o("&#x2061;") + _i("x"), "sin x"),
        (f"<msqrt>{_i('x')}{_o('+')}{_n(1)}</msqrt>", "√(x + 1)"),
        (f"<msqrt>{_n(2)}</msqrt>", "√2"),
        (f"<mroot>{_i('x')}{_n(3)}</mroot>", "∛x"),
        (
            f"<munderover>{_o('∑')}{_row(_i('i'), _o('='), _n(1))}{_i('n')}</munderover>{_sup(_i('i'), _n(2))}",
            "∑_(i=1)^n i^2",
        ),
        (f"<mover>{_i('x')}{_o('¯')}</mover>", "x̄"),
        (_o("(") + _table((_n(1), _n(0)), (_n(0), _n(1))) + _o(")"), "(1, 0; 0, 1)"),
        (f'<mfenced open="[" close="]">{_table((_n(1), _i("a")), (_n(0), _n(1)))}</mfenced>', "[1, a; 0, 1]"),
        (_table((_i("x"), _row(_o("="), _n(1))), (_i("y"), _row(_o("="), _n(2)))), "x = 1; y = 2"),
        (f'<mfrac linethickness="0">{_i("n")}{_i("k")}</mfrac>', "(n choose k)"),
        (f"<mmultiscripts>{_i('C')}<mprescripts/>{_n(6)}{_n(14)}</mmultiscripts>", "^14_6C"),
        ("<apply><divide/><cn>1</cn><cn>2</cn></apply>", "1/2"),
        (_i("x") + _o("&lt;") + _n(3), "x < 3"),
    ],
)
def test_structure_is_written_out(mathml, text):
    assert said(mathml) == text
    assert said(f"<semantics>{_row(mathml)}{TEX}</semantics>") == text


WIKIPEDIA = (
    '<span class="mwe-math-element"><span class="mwe-math-mathml-inline mwe-math-mathml-a11y" style="display: none;">'
    f'{MATH}</span><img src="https://w.example.org/svg/9f" class="mwe-math-fallback-image-inline" aria-hidden="true" '
    'alt="{\\displaystyle E=mc^{2}}"></span>'
)


@pytest.mark.parametrize(
    "html",
    [
        f'<span class="katex"><span class="katex-mathml">{MATH}</span><span class="katex-html" aria-hidden="true">E=mc2'
        "</span></span>",
        f'<span class="katex"><span class="katex-mathml">{MATH}</span><span class="katex-html">E=mc2</span></span>',
        '<mjx-container class="MathJax"><mjx-math aria-hidden="true"><mjx-mi></mjx-mi></mjx-math><mjx-assistive-mml>'
        f"{MATH}</mjx-assistive-mml></mjx-container>",
        '<mjx-container><mjx-math data-latex="E = mc^{2}"><mjx-mi></mjx-mi></mjx-math></mjx-container>',
        '<span class="MathJax_Preview">E=mc2</span><span class="MathJax"><nobr aria-hidden="true">E=mc2</nobr>'
        f'<span class="MJX_Assistive_MathML">{MATH}</span></span><script type="math/tex">E=mc^2</script>',
        '<span class="MathJax"><nobr>E=mc2</nobr></span><script type="math/tex">E = mc^2</script>',
        '<script type="math/tex">E = mc^2</script>',
        WIKIPEDIA,
        '<img src="https://s0.wp.com/latex.php?latex=E&amp;bg=fff" alt="E = mc^2" class="latex">',
        '<img src="https://latex.codecogs.com/gif.latex?E%20=%20mc^{2}">',
        f"<mml:math>{SQUARED.replace('<m', '<mml:m').replace('</m', '</mml:m')}</mml:math>",
        f"<math>{SQUARED}</math>",
        SQUARED,
        "<m:oMath><m:r>E = m</m:r><m:sSup><m:sSupPr><m:ctrlPr/></m:sSupPr><m:e><m:r>c</m:r></m:e><m:sup><m:r>2</m:r>"
        "</m:sup></m:sSup></m:oMath>",
        '<math alttext="{\\displaystyle E = mc^{2}}"></math>',
    ],
)
def test_every_make_says_it_once(html):
    kept = clean(f"<p>So {html} holds.</p>", "https://example.org/")
    assert kept == "<p>So E = mc^2 holds.</p>"
    assert clean(kept, "") == kept


def _katex(*parts: str) -> str:
    drawn = f'<span class="base">{"".join(parts)}</span>'
    return f'<span class="katex"><span class="katex-html" aria-hidden="true">{drawn}</span></span>'


def _stack(*rows: str, deep: bool = False) -> str:
    """As KaTeX writes it, from the bottom to the top."""
    inside = "".join(
        f'<span style="top:-3em;"><span class="pstrut"></span><span>{row}</span></span>' for row in rows
    )
    below = (
        '<span class="vlist-s">\u200b</span></span><span class="vlist-r"><span class="vlist"></span>'
        if deep
        else ""
    )
    kind = "vlist-t vlist-t2" if deep else "vlist-t"
    return (
        f'<span class="{kind}"><span class="vlist-r"><span class="vlist">{inside}</span>{below}</span></span>'
    )


def test_what_katex_drew_for_the_eye_alone_is_told():
    def script(*rows, deep=False):
        return f'<span class="msupsub">{_stack(*rows, deep=deep)}</span>'

    line = '<span class="frac-line"></span>'
    half = f'<span class="mord"><span class="mfrac">{_stack("2", line, "a+1", deep=True)}</span></span>'
    squared = f'E<span class="mrel">=</span>mc{script("2")}'
    assert clean(f"<p>So {_katex(squared)}.</p>", "") == "<p>So E = mc^2.</p>"
    assert clean(f"<p>So {_katex(half)}.</p>", "") == "<p>So (a+1)/2.</p>"
    assert clean(f"<p>So {_katex('H', script('2', deep=True), 'O')}.</p>", "") == "<p>So H_2O.</p>"
    assert clean(f"<p>So {_katex('x', script('i', '2n', deep=True))}.</p>", "") == "<p>So x_i^(2n).</p>"
    rooted = f'<span class="mord sqrt">{_stack("x+1", "<svg></svg>", deep=True)}</span>'
    assert clean(f"<p>So {_katex(rooted)}.</p>", "") == "<p>So √(x+1).</p>"


def test_a_formula_in_a_script_of_its_own_and_one_that_a_script_draws():
    assert clean('<script type="math/tex; mode=display">% <![CDATA[\nx<y %]]></script>', "") == "x&lt;y"
    drawn = (
        '<div class="latex-rendered" data-attrs="{&quot;persistentExpression&quot;:&quot;c^{2}&quot;}"></div>'
    )
    assert clean(drawn, "") == "<p>c^2</p>"


def test_a_formula_as_deep_as_anybody_writes_is_told_and_a_deeper_one_keeps_its_words():
    assert "x" in clean(f"<p><math>{'<msqrt>' * 400}<mi>x</mi>{'</msqrt>' * 400}</math></p>", "")
    deep = 50
    kept = clean(f"<p><math>{'<msqrt>' * deep}<mi>x</mi>{'</msqrt>' * deep}</math></p>", "")
    assert kept.count("√") == deep


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        ("{\\displaystyle 10^{6}}", "10^6"),
        ("$x_{ij}$", "x_{ij}"),
        ("\\left( a \\right)", "( a )"),
        ("\\lefteqn{x}", "\\lefteqn{x}"),
        ("\\(x\\)", "x"),
    ],
)
def test_tex_without_what_only_a_typesetter_needs(tex, plain):
    assert plain_tex(tex) == plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>6</sup> people", "10⁶ people"),
        ("H<sub>2</sub>O", "H₂O"),
        ("x<sup>n+1</sup> and a<sup>b</sup>", "xⁿ⁺¹ and a^b"),
        ("T<sub>max</sub>", "T_max"),
        (
            "the 1<sup>st</sup>, the 2<sup>e</sup>, M<sup>me</sup>, Quay<sup>™</sup>",
            "the 1st, the 2e, Mme, Quay™",
        ),
        ("<ruby>漢字<rt>かんじ</rt></ruby>", "漢字(かんじ)"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
        ("Half: <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "Half: 1/2"),
        ("<del>Closed</del> Open again", "Open again"),
        ("<s>All of it</s>", "All of it"),
        ("They said <q>yes</q>.", "They said “yes”."),
        ("Tides<sup>[1]</sup> turn", "Tides turn"),
        ("one<br>two", "one two"),
    ],
)
def test_a_line_of_text_keeps_what_stood_above_and_below(html, text):
    assert summary_of(f"<p>{html}</p>") == text
    if "[1]" not in html:
        assert " ".join(plain_text(html).split()) == text


def test_an_imported_page_keeps_its_formulas_also_in_its_title():
    opening = "The water comes and goes twice a day, and whoever moors here has learned to read the table at the quay."
    page = (
        "<html><body><article><h1>10<sup>6</sup> tides of H<sub>2</sub>O</h1>"
        f'<p>{opening}</p><p>{opening} They are <script type="math/tex">10^6</script> in all, half of it '
        "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>.</p></article></body></html>"
    )
    found = read_html(page, "https://example.org/tides", zone="UTC")
    assert found.title == "10⁶ tides of H₂O"
    assert "They are 10^6 in all, half of it 1/2." in found.html


PAINTED = (
    '<mjx-container jax="CHTML"><mjx-math aria-hidden="true"><mjx-mi><mjx-c></mjx-c></mjx-mi></mjx-math>'
)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Let {PAINTED}</mjx-container> be.</p>",
        f"<p>{PAINTED}</mjx-container></p>",
        '<p><mjx-container jax="SVG"><svg><text>x</text></svg></mjx-container></p>',
        '<p><span class="MathJax_SVG"><svg><path d="M1"/></svg></span></p>',
        '<p><span class="mjx-chtml"><span class="mjx-math" aria-hidden="true"></span></span></p>',
    ],
)
def test_a_formula_that_was_only_painted_is_named(html: str) -> None:
    assert clean_with_files(html, BASE, "").lost == (losses.FORMULA,)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{PAINTED}<mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container></p>",
        '<mjx-container aria-label="x" jax="SVG"><svg><text>x</text></svg></mjx-container>',
        '<span class="MathJax_SVG_Display"><span class="MathJax_SVG"><svg></svg></span></span>'
        '<script type="math/tex">x</script>',
        '<span class="MathJax_Preview"></span><span class="MathJax"></span><script type="math/tex">x</script>',
    ],
)
def test_a_formula_whose_words_stand_elsewhere_is_not_lost(html: str) -> None:
    cleaned = clean_with_files(html, BASE, "")
    assert (plain_text(cleaned.html).strip(), cleaned.lost) == ("x", ())


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ("<p>a</p><canvas id=rain></canvas>", (losses.DRAWING,)),
        (
            '<svg viewBox="0 0 9 9"><g><rect/><text>Rain</text></g></svg><svg><text>Sun</text></svg>',
            (losses.DRAWING,),
        ),
        ("<svg><foreignObject><div>Step 1</div></foreignObject></svg>", (losses.DRAWING,)),
        ('<a href="/x"><svg><title>Share</title><path d="M1"/></svg></a><p>text</p>', ()),
        ("<svg>" * 50_000, (losses.MARKUP,)),
    ],
)
def test_a_drawing_with_words_is_named_and_a_sign_is_not(html: str, lost: tuple[str, ...]) -> None:
    assert clean_with_files(html, BASE, "").lost == lost
