from __future__ import annotations

from rlkit.reporting.markup import Markup, joined, tag


def test_what_users_wrote_is_text() -> None:
    assert tag("p", "<b>&\"'") == "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"
    assert tag("a", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;"></a>'


def test_markup_stays_what_it_is_and_nothing_leaves_nothing() -> None:
    assert tag("ul", [tag("li", "a"), None, (Markup("<li/>"), "b")]) == "<ul><li>a</li><li/>b</ul>"
    assert joined(None, [], "") == ""


def test_attributes() -> None:
    assert tag("input", type="checkbox", data_log="x", checked=True, hidden=False, class_=None) == (
        '<input type="checkbox" data-log="x" checked=""/>'
    )


def test_characters_that_no_page_may_hold_are_shown_as_such() -> None:
    assert tag("p", "a\x00b\udcff\tc\n") == "<p>a\ufffdb?\tc\n</p>"
