"""A QR code that a decoder reads off the screen, or none."""

from urllib.parse import quote

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from textual.app import ComposeResult
from textual.containers import Container

from core.terminal.peer import Peer
from core.terminal.screens.page import Page
from core.terminal.theme import Colours
from core.terminal.widgets.qr_code import QrCode, QrDrawing, choose_qr
from core.terminal.words import Words
from core.two_factor import cut_names
from tests.cells import Cell, draw, screen_cells
from tests.terminal.alone import alone
from tests.terminal.still import settle

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PAPER, MODULE = (255, 255, 255), (0, 0, 0)


def uris(issuer: str, account: str) -> tuple[str, str]:
    """The full and the short URI of an enrolment."""
    issuer, account = quote(issuer), quote(account, safe="@()")
    rest = f"{account}?secret={SECRET}&issuer={issuer}"
    return f"otpauth://totp/{issuer}:{rest}", f"otpauth://totp/{rest}"


ACME = uris("Acme", "ada")
EXAMPLE = uris("Example Corp", "ada.lovelace@example.org")
LONG = uris("The International Society of Rather Long Names and Titles", "x" * 69)


def cells(drawing: QrDrawing) -> list[list[Cell]]:
    return [
        [Cell(sign, PAPER if dark else MODULE, MODULE if dark else PAPER) for sign, dark in drawing.cells(y)]
        for y in range(drawing.height)
    ]


def read(image: Image.Image, *, invert: bool = False) -> str | None:
    """What a decoder reads, dark on light only."""
    codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=invert)
    return str(codes[0].text) if codes else None


def on_desk(image: Image.Image) -> Image.Image:
    """The picture on a dark page, as a dark theme surrounds it."""
    page = Image.new("RGB", (image.width + 80, image.height + 80), (21, 24, 30))
    page.paste(image, (40, 40))
    return page


@pytest.mark.parametrize(
    ("names", "room", "version", "quiet", "full"),
    [
        (ACME, (49, 24), 4, 4, True),
        (ACME, (45, 24), 4, 4, True),
        (EXAMPLE, (49, 24), 5, 4, False),
        (EXAMPLE, (69, 30), 6, 4, True),
        (EXAMPLE, (89, 40), 6, 4, True),
        (EXAMPLE, (49, 22), 5, 3, False),
        (EXAMPLE, (41, 24), 5, 2, False),
        (LONG, (120, 40), 11, 4, True),
        (LONG, (120, 24), None, None, None),
        (ACME, (29, 20), None, None, None),
        (ACME, (0, 0), None, None, None),
        (ACME, (-5, 24), None, None, None),
    ],
)
def test_the_best_code_that_fits_is_taken(names, room, version, quiet, full):
    drawing = choose_qr(*names, width=room[0], height=room[1])
    if version is None:
        assert drawing is None
        return
    assert drawing is not None
    assert (drawing.version, drawing.quiet) == (version, quiet)
    assert drawing.width <= room[0]
    assert drawing.height <= room[1]
    assert read(on_desk(draw(cells(drawing)))) == (names[0] if full else names[1])


@pytest.mark.parametrize(
    ("issuer", "label", "kept"),
    [
        (
            "The International Society of Rather Long Names and Titles",
            "ada.lovelace (2)",
            ("The International Society", "ada.lovelace (2)"),
        ),
        ("株式会社サンプルサービス", "ada.lovelace", ("株式会社", "ada.lovelace")),
        ("Acme and Sons of Great Britain", "x" * 69, ("Acme and", "x" * 38)),
    ],
)
def test_names_too_long_for_80x24_are_cut_before_the_code_is_given_up(issuer, label, kept):
    cut = cut_names(issuer, label)
    names = (*uris(issuer, label), uris(*cut)[1])
    drawing = choose_qr(*names, width=45, height=24)
    assert drawing is not None
    assert drawing.quiet == 4
    assert cut == kept
    assert read(on_desk(draw(cells(drawing)))) == names[2]
    assert choose_qr(*names[:2], width=45, height=24) is None
    larger = choose_qr(*names, width=120, height=60)
    assert larger is not None
    assert read(on_desk(draw(cells(larger)))) == names[0], "with room for all of it nothing is cut"


@pytest.mark.parametrize("names", [ACME, EXAMPLE], ids=["acme", "example"])
@pytest.mark.parametrize("cell", [(4, 8), (8, 18), (10, 20), (9, 21)])
def test_a_code_is_read_at_every_size_of_letter(names, cell):
    drawing = choose_qr(*names, width=49, height=24)
    assert drawing is not None
    assert read(on_desk(draw(cells(drawing), cell=cell))) in names


@pytest.mark.parametrize("names", [ACME, EXAMPLE], ids=["acme", "example"])
@pytest.mark.parametrize(
    ("above", "below"), [(0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (2, 0), (3, 0), (4, 0), (1, 1), (2, 1), (1, 2)]
)
def test_a_code_is_read_though_the_terminal_leaves_gaps_between_its_rows(names, above, below):
    drawing = choose_qr(*names, width=49, height=24)
    assert drawing is not None
    assert read(on_desk(draw(cells(drawing), gap_above=above, gap_below=below))) in names


@pytest.mark.parametrize("names", [ACME, EXAMPLE], ids=["acme", "example"])
def test_a_code_is_read_by_a_camera_that_is_held_askew(names):
    drawing = choose_qr(*names, width=49, height=24)
    assert drawing is not None
    seen = on_desk(draw(cells(drawing), gap_below=1)).rotate(4, Image.Resampling.BICUBIC, expand=True)
    width, height = seen.size
    corners = (0, 0, width * 0.04, height, width * 0.97, height * 0.96, width, height * 0.05)
    seen = seen.transform((width, height), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    assert read(seen.filter(ImageFilter.GaussianBlur(1))) in names


def test_the_quiet_zone_is_never_less_than_two_and_odd_above():
    for width in range(30, 60, 3):
        for height in range(18, 30):
            drawing = choose_qr(*EXAMPLE, width=width, height=height)
            if drawing is None:
                continue
            assert drawing.quiet >= 2
            first = next(at for at, row in enumerate(drawing.rows) if any(row))
            assert first % 2 == 1


class Scan(Page[None]):
    CSS = """
    #scan { layout: horizontal; height: 1fr; }
    #beside { width: 1fr; }
    """
    AUTO_FOCUS = ""

    def __init__(self, names: tuple[str, str]) -> None:
        super().__init__()
        self.names = names
        self.fits: list[bool] = []

    def compose(self) -> ComposeResult:
        with Container(id="scan"):
            yield QrCode(*self.names, beside=31)
            yield Words("type this key: JBSW Y3DP", id="beside")

    def on_qr_code_fitted(self, event: QrCode.Fitted) -> None:
        self.fits.append(event.fits)


TERMS = [
    ("xterm-256color", "truecolor", False),
    ("xterm-256color", "", False),
    ("linux", "", False),
    ("vt100", "", False),
    ("xterm-256color", "truecolor", True),
]


@pytest.mark.parametrize(("term", "colour_term", "no_colour"), TERMS)
async def test_a_code_is_read_off_every_kind_of_terminal(term: str, colour_term: str, no_colour: bool):
    async with alone(Scan(EXAMPLE)) as (app, pilot):
        app.suit(Peer("203.0.113.7", None, None, "ada", (80, 24), term, colour_term, no_colour))
        await settle(pilot)
        assert read(draw(screen_cells(app))) == EXAMPLE[1]


@pytest.mark.parametrize("colours", list(Colours))
async def test_a_code_is_dark_on_light_in_every_theme(colours: Colours):
    async with alone(Scan(ACME)) as (app, pilot):
        app.wear(colours)
        await settle(pilot)
        assert read(draw(screen_cells(app))) == ACME[0]


async def test_a_code_is_chosen_again_when_the_terminal_changes():
    page = Scan(EXAMPLE)
    async with alone(page, size=(80, 24)) as (app, pilot):
        for size, expected in [
            ((120, 40), EXAMPLE[0]),
            ((80, 24), EXAMPLE[1]),
            ((60, 20), None),
            ((80, 22), EXAMPLE[1]),
            ((40, 10), None),
            ((100, 30), EXAMPLE[0]),
        ]:
            await pilot.resize_terminal(*size)
            await pilot.pause(0.05)
            await settle(pilot)
            assert read(draw(screen_cells(app))) == expected, size
            code = page.query_one(QrCode)
            assert (code.drawing is not None) == (expected is not None)
            assert page.fits[-1] == (expected is not None)
            if expected is None:
                assert code.size.width == 0
