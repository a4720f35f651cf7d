"""The look: contrast, and the options that hold whatever the machine's own configuration says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from app import theme
from rag.settings import ServeSettings, Settings


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *itertools.product(("textColor", "grayTextColor", "primaryColor"), ("backgroundColor", "secondaryBackgroundColor")),
    ("textColor", "yellowBackgroundColor"),
    *((f"{name}TextColor", f"{name}BackgroundColor") for name in ("red", "green", "orange")),
    *((f"{name}TextColor", "backgroundColor") for name in ("red", "green", "orange")),
    ("grayTextColor", "redBackgroundColor"),
    ("grayTextColor", "greenBackgroundColor"),
]


@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_background(colours, pair):
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


def options(**serve):
    return theme.options(Settings(home=Path("/nowhere"), serve=ServeSettings(**serve)))


def test_nothing_is_reported_and_uploads_are_limited():
    found = options()
    assert found["browser.gatherUsageStats"] is False
    assert found["server.maxUploadSize"] == 100
    assert found["server.enableXsrfProtection"] is True


def test_no_full_collection_follows_every_run():
    assert options()["runner.postScriptGC"] is False


def test_no_message_stands_in_for_one_that_the_page_may_have_dropped():
    from streamlit import config
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

    name = "global.minCachedMessageSize"
    kept = config.get_option(name)
    cacheable = []
    try:
        for least in (kept, options()[name]):
            config.set_option(name, least)
            message = ForwardMsg()
            message.delta.new_element.markdown.body = "word " * 100_000
            populate_hash_if_needed(message)
            cacheable.append(message.metadata.cacheable)
    finally:
        config.set_option(name, kept)
    assert cacheable == [True, False]


def test_a_local_server_answers_to_local_names_only():
    assert options()["server.allowedHosts"] == ["127.0.0.1", "localhost", "[::1]"]
    assert options(host="0.0.0.0")["server.allowedHosts"] == []


def test_every_option_is_one_that_streamlit_knows():
    from streamlit import config

    assert set(options()) <= set(config._config_options_template)


def test_the_page_shares_the_quiet_colour_of_both_themes():
    light, dark = theme.page_colours().split("@media")
    assert f"--fn-quiet: {theme.LIGHT['grayTextColor']};" in light
    assert f"--fn-quiet: {theme.DARK['grayTextColor']};" in dark
