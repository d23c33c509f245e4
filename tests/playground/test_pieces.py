"""Each piece teaches what it should, by mouse, by touch and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import Open


@pytest.fixture
def open_still(open_page: Open) -> Open:
    """A page for a reader who wants no motion, which makes a step in each frame."""

    def open_it(piece: str) -> Any:
        page = open_page(piece)
        page.emulate_media(reduced_motion="reduce")
        return page

    return open_it


def text(page: Any, name: str) -> str:
    return str(page.locator(f"#{name}").inner_text())


def wait_for(page: Any, name: str, words: str) -> None:
    """Until an element says so; the page's patience ends it."""
    page.wait_for_function(
        "([name, words]) => document.getElementById(name).textContent.includes(words)",
        arg=[name, words],
    )


def address(page: Any) -> str:
    """What stands behind the # of the address now."""
    return str(page.evaluate("location.hash.slice(1)"))


def press_at(page: Any, name: str, across: float, down: float) -> None:
    """A click into a drawing, at shares of its width and height."""
    page.mouse.click(*place_in(page, name, across, down))


def place_in(page: Any, name: str, across: float, down: float) -> tuple[float, float]:
    """Where that is on the screen."""
    drawing = page.locator(f"#{name}")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def click_often(page: Any, name: str, count: int) -> None:
    """Many clicks on a button, without waiting for a frame between them."""
    page.evaluate("([name, n]) => { while (n--) document.getElementById(name).click(); }",
                  [name, count])  # fmt: skip


def test_the_slope_finds_the_station_with_fewer_looks_than_the_search(open_still: Open) -> None:
    page = open_still("radio")
    at_first = float(text(page, "radio-loss"))
    page.click("#radio-descend")
    wait_for(page, "radio-message", "slope has arrived")
    assert float(text(page, "radio-loss")) < at_first / 10
    page.get_by_label("volume").fill("2")
    page.get_by_label("frequency").fill("1")
    assert float(text(page, "radio-loss")) == at_first
    page.click("#radio-search")
    wait_for(page, "radio-message", "± search has arrived")
    assert int(text(page, "radio-listened")) > 2 * int(text(page, "radio-slopes")) > 0


def test_the_knobs_turn_by_slider_map_and_keyboard(open_page: Open) -> None:
    page = open_page("radio")
    page.get_by_label("frequency").press("ArrowRight")
    assert text(page, "radio-frequency-value") == "1.1"
    page.locator("#radio-map").press("ArrowRight")
    assert text(page, "radio-volume-value") == "2.5"
    press_at(page, "radio-map", 0.9, 0.2)
    assert float(text(page, "radio-volume-value")) > 8
    assert float(text(page, "radio-frequency-value")) > 7
    assert text(page, "radio-turns") == "3"


def test_nothing_sounds_before_a_click(open_page: Open) -> None:
    page = open_page("radio")
    page.evaluate(
        """() => { window.made = 0; const Own = AudioContext;
        window.AudioContext = class extends Own { constructor() { super(); made += 1; } }; }"""
    )
    page.get_by_label("volume").fill("9")
    assert page.evaluate("made") == 0
    page.click("#radio-sound")
    assert page.evaluate("made") == 1
    assert page.locator("#radio-sound").get_attribute("aria-pressed") == "true"
    page.click("#radio-sound")
    assert page.locator("#radio-sound").get_attribute("aria-pressed") == "false"


def test_the_perceptron_separates_two_sides_and_never_xor(open_still: Open) -> None:
    page = open_still("perceptron")
    page.click("#perceptron-run")
    wait_for(page, "perceptron-message", "Separated after 5 passes and 10 mistakes")
    assert [text(page, f"perceptron-{name}") for name in ("w1", "w2", "b")] == ["−15", "−6", "8"]
    page.click("#perceptron-xor")
    click_often(page, "perceptron-step", 300)
    assert "Still wrong after" in text(page, "perceptron-message")


def test_points_are_set_and_taken_away(open_still: Open) -> None:
    page = open_still("perceptron")
    page.click("#perceptron-clear")
    press_at(page, "perceptron-plane", 0.75, 0.25)
    page.check("[name=perceptron-kind][value='-1']")
    press_at(page, "perceptron-plane", 0.25, 0.75)
    assert "points=4,4,1;-4,-4,-1" in address(page)
    press_at(page, "perceptron-plane", 0.25, 0.75)
    plane = page.locator("#perceptron-plane")
    for key in ("ArrowRight", "ArrowUp", "b"):
        plane.press(key)
    assert address(page).endswith("points=4,4,1;-3,-3,1")
    plane.press("Delete")
    assert address(page).endswith("points=4,4,1")
    page.click("#perceptron-run")
    wait_for(page, "perceptron-message", "Separated after 2 passes and 1 mistake.")


def test_a_finger_sets_a_point(browser: Any, file: Any) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{file.as_uri()}#perceptron")
    page.click("#perceptron-clear")
    page.touchscreen.tap(*place_in(page, "perceptron-plane", 0.75, 0.25))
    assert address(page).endswith("points=4,4,1")
    context.close()


@pytest.mark.parametrize(
    ("preset", "words"),
    [("low", "40 steps, and still at"), ("right", "At the bottom"), ("high", "Out of the valley")],
)
def test_the_learning_rate_is_too_low_right_or_too_high(
    open_still: Open, preset: str, words: str
) -> None:
    page = open_still("slope")
    page.click(f"#slope-{preset}")
    wait_for(page, "slope-message", words)


def test_just_below_the_limit_falls_and_just_above_grows(open_page: Open) -> None:
    page = open_page("slope")
    ends = {}
    for percent in ("97", "103"):
        page.fill("#slope-rate", percent)
        click_often(page, "slope-step", 40)
        ends[percent] = text(page, "slope-message")
    assert "grows" in ends["103"]
    assert "grows" not in ends["97"]


def test_softmax_learns_the_pictures_and_knows_the_drawn_one(open_page: Open) -> None:
    page = open_page("softmax")
    assert "right for 10 of 30" in text(page, "softmax-message")
    page.click("#softmax-run")
    wait_for(page, "softmax-message", "right for 30 of 30")
    page.click("#softmax-run")
    page.get_by_role("button", name="a bag", exact=True).first.click()
    shares = page.locator("#softmax-shares").get_attribute("aria-label")
    percents = [int(part.split("share ")[1].rstrip("%")) for part in shares.split("; ")]
    assert percents[2] == max(percents)
    assert 99 <= sum(percents) <= 101


def test_a_pixel_is_set_by_keyboard_and_a_picture_is_taught(open_page: Open) -> None:
    page = open_page("softmax")
    picture = page.locator("#softmax-picture")
    before = picture.evaluate("canvas => canvas.toDataURL()")
    for key in ("ArrowDown", "ArrowRight", "Space"):
        picture.press(key)
    assert picture.evaluate("canvas => canvas.toDataURL()") != before
    page.click("#softmax-teach-2")
    assert "of 31 pictures" in text(page, "softmax-message")
    again = open_page(address(page))
    assert text(again, "softmax-message") == text(page, "softmax-message")


def test_xor_needs_a_hidden_layer(open_page: Open) -> None:
    """A line is right for about half of the points; a hidden layer for almost all."""
    right = {}
    for hidden in ("none", "4"):
        page = open_page(f"network&data=xor&hidden={hidden}&optimizer=adam&rate=0.03&epochs=200")
        right[hidden] = int(text(page, "network-message").split("right for ")[1].split(" ")[0])
    assert right["none"] < 90
    assert right["4"] > 110


def test_a_network_is_drawn_and_its_link_brings_it_back(open_page: Open) -> None:
    page = open_page("network")
    page.get_by_label("hidden layers").select_option("2")
    page.get_by_label("One neuron more in hidden layer 2").click()
    page.get_by_label("activation").select_option("relu")
    page.get_by_label("data").select_option("three arms")
    page.check("[name=network-kind][value='2']")
    press_at(page, "network-plane", 0.1, 0.1)
    page.click("#network-run")
    page.wait_for_function(
        "() => !document.getElementById('network-message').textContent.includes('Epoch 0')"
    )
    page.click("#network-run")
    again = open_page(address(page))
    assert "of 121 points" in text(page, "network-message")
    for name in ("network-message", "export-loss", "export-code"):
        assert text(again, name) == text(page, name)


@pytest.mark.parametrize(
    "address",
    ["nothing", "network&hidden=0,9,x&rate=-1&data=moon&epochs=1e9", "network&points=1,2;x",
     "softmax&taught=9zz,%%&epochs=-1", "perceptron&points=1.5,2,1", "slope&rate=999", "%zz&&=="],
)  # fmt: skip
def test_a_strange_address_does_no_harm(open_page: Open, address: str) -> None:
    page = open_page(address)
    assert page.locator(".piece:visible").count() == 1


def test_the_program_follows_the_screen_and_the_framework(open_page: Open) -> None:
    page = open_page("network&hidden=3&activation=relu&epochs=4")
    assert "nn.Linear(2, 3)" in text(page, "export-code")
    assert "nn.ReLU()" in text(page, "export-code")
    page.get_by_label("program for").select_option("net")
    assert 'Dense(2, 3, "relu")' in text(page, "export-code")
    page.click("#network-step")
    assert "for _ in range(5):" in text(page, "export-code")
    with page.expect_download() as download:
        page.click("#export-save")
    assert download.value.suggested_filename == "network_net.py"
