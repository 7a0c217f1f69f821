"""An editor files what was misunderstood, with the mouse or with one key."""

from __future__ import annotations

import pytest
from conftest import Screen
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from stored import Said, write

STATUS = "data/nlu/status.yml"
FIRST, SECOND = "paspor saya nyangkut di awan awan kah", "resep rendang padang yang empuk dong"


@pytest.fixture
def waiting(screen: Screen) -> Screen:
    """The page with two messages that fell back."""
    if not screen.workbench.conversations.exists():
        unsure = (("cek_status", 0.3), ("lama_proses", 0.2), ("syarat_paspor", 0.1))
        write(
            screen.workbench.conversations,
            [Said(f"wa:{n}", text, "nlu_fallback", 0.3, others=unsure) for n, text in enumerate((FIRST, SECOND))],
        )

    def shown() -> bool:
        screen.open("/kotak-masuk")
        return len(screen.all("[data-kelompok]:not(.selesai)")) >= 1

    screen.until(shown, "the inbox stays empty")
    return screen


def group(screen: Screen, text: str) -> WebElement:
    return screen.until(lambda: next((one for one in screen.all("[data-kelompok]") if text in one.text), None), text)


def test_a_message_is_filed_with_one_click_and_taken_back(waiting: Screen) -> None:
    group(waiting, FIRST).find_element(By.CSS_SELECTOR, "[data-tombol='1']").click()
    waiting.shows(".selesai", "cek_status")
    assert f"    - {FIRST}\n" in waiting.workbench.text(STATUS)
    group(waiting, FIRST).find_element(By.CSS_SELECTOR, "[data-tombol='u']").click()
    waiting.until(lambda: group(waiting, FIRST).find_elements(By.CSS_SELECTOR, "[data-tombol='1']"))
    assert FIRST not in waiting.workbench.text(STATUS)


def test_a_message_that_is_not_for_sigap_is_put_away_with_one_key(waiting: Screen) -> None:
    before = waiting.workbench.text(STATUS)
    chosen = group(waiting, SECOND)
    waiting.driver.execute_script("arguments[0].focus()", chosen)
    chosen.send_keys("0")
    waiting.shows(".selesai", "bukan untuk SIGAP")
    waiting.open("/kotak-masuk")
    assert SECOND not in waiting.find("#kelompok").text
    assert waiting.workbench.text(STATUS) == before
