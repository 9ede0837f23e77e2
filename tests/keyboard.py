"""Hands on a keyboard: nothing is clicked, filled in or focused from outside, and every stop on the way is looked at."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

MOST = 400
"""More stops than any page has: who presses Tab so often and is not out of the page is in a trap."""
STOP = """back => {
  const it = document.activeElement;
  const from = window.before && window.before.isConnected && window.before !== document.body && window.before;
  if (!it || it === document.body) return null;
  if (it.tabIndex < 0) return [];  // a script has moved it on meanwhile, to what she is to read
  (window.reached ||= new Set()).add(it);
  if (from && !back && it.matches('.skip')) return null;  // round again
  const wrong = [], style = getComputedStyle(it);
  const ring = getComputedStyle(Number(style.opacity) ? it : it.nextElementSibling);
  const own = it.matches(':focus');  // else a control of the browser's in it, with the browser's ring
  if (own && (ring.outlineStyle === 'none' || parseFloat(ring.outlineWidth) < 2)) wrong.push('shows no focus');
  const around = it.parentElement.closest(':not(sup, strong, em)');
  const sentence = style.display === 'inline' && around.textContent.trim() !== it.textContent.trim();
  const target = (it.matches('input') && it.closest('label') || it).getBoundingClientRect();
  if (!sentence && Math.min(target.width, target.height) < 24) wrong.push(`is ${target.width} x ${target.height}`);
  const lines = [...it.getClientRects()];
  const seen = lines.some(line => [[.1, .5], [.5, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
    const top = document.elementFromPoint(line.x + line.width * x, line.y + line.height * y);
    return top && (it.contains(top) || top.closest('label')?.contains(it));
  }));
  if (!seen) wrong.push('is behind something');
  const stays = node => node.closest('.exit, .lock, .skip');
  if (from && from !== it && !from.matches('.skip')) {
    const [first, second] = back ? [it, from] : [from, it];
    if (!(first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push('comes out of order');
    const upper = first.getBoundingClientRect(), lower = second.getBoundingClientRect();
    if (!stays(first) && !stays(second) && lower.bottom <= upper.top) wrong.push('is above what came before');
  }
  return wrong.map(each => `${it.outerHTML.replace(/\\s+/g, ' ').slice(0, 120)} ${each}`);
}"""
"""What is wrong with where the focus is, or null out of the page (WCAG 2.4.3, 2.4.7, 2.4.11 and 2.5.8)."""
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, video, audio')].filter(it => {
  const group = it.type === 'radio' ? [...document.getElementsByName(it.name)] : [it];
  return it.checkVisibility({visibilityProperty: true}) && !it.disabled && !group.some(each => window.reached.has(each));
}).map(it => it.outerHTML.slice(0, 120))"""


class Keyboard:
    """Somebody without a mouse before a page, and what was wrong with where she came by."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.press, self.type = page.keyboard.press, page.keyboard.type

    def tab(self, *, back: bool = False) -> bool:
        """To the next stop; False where the page has no more."""
        self.page.evaluate("() => { window.before = document.activeElement }")
        self.press("Shift+Tab" if back else "Tab")
        found: list[str] | None = self.page.evaluate(STOP, back)
        told = [f"{self.page.url}: {each}" for each in found or []]
        self.wrong += [each for each in told if each not in self.wrong]
        return found is not None

    def at(self, selector: str) -> bool:
        """Whether the focus is on such a thing."""
        return bool(self.page.evaluate("what => document.activeElement.matches(what)", selector))

    def says(self, script: str) -> str:
        """What the script makes of where the focus is, `it`, with each run of white space as one space."""
        found: str = self.page.evaluate(f"() => {{ const it = document.activeElement; return {script} }}")
        return " ".join(found.split())

    def to(self, selector: str, *, back: bool = False) -> None:
        """On to the next such thing."""
        for _ in range(MOST):
            self.tab(back=back)
            if self.at(selector):
                return
        raise AssertionError(f"the keyboard does not get to {selector} on {self.page.url}")

    def follow(self, selector: str, *, back: bool = False) -> None:
        """On to that link or button, pressed: another page is there."""
        self.to(selector, back=back)
        self.go()

    def go(self) -> None:
        """What has the focus, pressed: another page is there."""
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, **values: str) -> None:
        """The fields of a form with these names, one after another."""
        for name, value in values.items():
            self.to(f"[name={name}]")
            self.type(value)

    def through(self, acts: Mapping[str, Callable[[], None]]) -> None:
        """Down the page to its end, at each stop doing what there is for such a thing; all that can be used is come by.

        Where that leads to the page anew, once more from its start.
        """
        self.page.evaluate("() => { window.begun = true }")
        self._down(acts)
        if not self.page.evaluate("window.begun"):
            self._down(acts)
        missed: list[str] = self.page.evaluate(MISSED)
        self.wrong += [f"{self.page.url}: {each} is not come by" for each in missed]

    def _down(self, acts: Mapping[str, Callable[[], None]]) -> None:
        names = list(acts)
        which = "names => names.findIndex(each => document.activeElement.matches(each))"
        for _ in range(MOST):
            if not self.tab():
                return
            place: int = self.page.evaluate(which, names)
            if place >= 0:
                acts[names[place]]()
        raise AssertionError(f"there is no way out of {self.page.url}")
