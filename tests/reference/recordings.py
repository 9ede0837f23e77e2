"""`python -m tests.reference.recordings`: makes the muestrario's sound and film anew.

Needs Debian's `espeak-ng` (the voice), `ffmpeg` and Chromium (the film's pictures, drawn as SVG). The files are small and
kept in the repository: nobody needs this to build or to test.
"""

import subprocess
import tempfile
from pathlib import Path

from tests.browser import chrome

MEDIA = Path(__file__).parents[2] / "docs/muestrario/media"
ADVICE = "Guarde la caja en un lugar seco y alto. Revísela una vez al año."
FILM = ("Primero las gasas.", "Luego la venda.", "Al final, las tijeras.", "Y se cierra la tapa.")
STARTS = (0.3, 1.9, 3.4, 5.1)
"""When each sentence begins, in seconds; the captions say the same."""
SECONDS, RATE = 7, 10
THINGS = (
    '<rect x="-18" y="-18" width="36" height="36"/><path d="M-18 -6h36M-18 6h36M-6 -18v36M6 -18v36" stroke-width="1"/>',
    '<circle r="18"/><circle r="7"/>',
    '<path d="M-16 -18L14 12M16 -18L-14 12" fill="none" stroke-width="4"/><circle cx="-16" cy="15" r="6"/><circle cx="16" cy="15" r="6"/>',
)
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320" height="180">
<rect width="320" height="180" fill="#e3eeec"/><g stroke="#12464c" stroke-width="3" fill="#faf8f3">{things}
<rect x="70" y="96" width="180" height="66" rx="6" fill="#ffffff"/></g>
<g transform="translate(70 96) rotate({lid})"><rect y="-14" width="180" height="14" rx="4" fill="#0f5a62"/></g>
<path d="M150 126h20v6h-20zM157 119h6v20h-6z" fill="#a1411a"/></svg>"""


def main() -> None:
    """Both files are written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _sound(folder)
        _film(folder)


def _sound(folder: Path) -> None:
    _speak(ADVICE, folder / "advice.wav")
    _ffmpeg("-i", folder / "advice.wav", *"-ac 1 -ar 22050 -b:a 24k -map_metadata -1".split(), MEDIA / "consejo.mp3")


def _film(folder: Path) -> None:
    sounds: list[str | Path] = []
    for place, sentence in enumerate(FILM):
        _speak(sentence, folder / f"{place}.wav")
        sounds += ["-i", folder / f"{place}.wav"]
    late = ";".join(f"[{n + 1}]adelay={round(start * 1000)}[a{n}]" for n, start in enumerate(STARTS))
    mixed = f"{late};{''.join(f'[a{n}]' for n in range(len(STARTS)))}amix={len(STARTS)}:normalize=0,apad[a]"
    _draw(folder)
    _ffmpeg(
        *("-framerate", str(RATE), "-i", folder / "%03d.png", *sounds, "-filter_complex", mixed),
        *("-map", "0:v", "-map", "[a]", "-t", str(SECONDS)),
        *"-c:v libx264 -profile:v main -preset veryslow -crf 30 -pix_fmt yuv420p -movflags +faststart".split(),
        *"-c:a aac -b:a 24k -ac 1 -ar 22050 -map_metadata -1".split(),
        MEDIA / "orden.mp4",
    )


def _draw(folder: Path) -> None:
    with chrome() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 180})
        for number in range(SECONDS * RATE):
            page.set_content(f"<style>body, svg {{ margin: 0; display: block }}</style>{_frame(number / RATE)}")
            page.screenshot(path=folder / f"{number:03}.png")


def _frame(now: float) -> str:
    falls = [min(1.0, max(0.0, now - start)) for start in STARTS]
    places = ((105 + 55 * n, -30 + 155 * fall**2) for n, fall in enumerate(falls))
    things = "".join(
        f'<g transform="translate({x} {y:.1f})">{thing}</g>' for (x, y), thing in zip(places, THINGS, strict=False)
    )
    return FRAME.format(things=things, lid=round(-80 * (1 - falls[-1])))


def _speak(sentence: str, target: Path) -> None:
    subprocess.run(["espeak-ng", "-v", "es-419", "-s", "165", "-w", str(target), sentence], check=True)


def _ffmpeg(*words: str | Path) -> None:
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *map(str, words)], check=True)


if __name__ == "__main__":
    main()
