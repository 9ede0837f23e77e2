"""What a page weighs and how long a slow phone takes to show it: cold, in Chromium, by its own protocol."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession

BYTES_A_SECOND, LATENCY_MS, CPU_TIMES_SLOWER = 400_000 / 8, 400, 4
"""A 2G-like link and an old phone: 400 kbit/s, 400 ms for each answer, a processor four times slower."""
WATCH = """
window.seen = {shift: 0, lcp: 0};
new PerformanceObserver(list => list.getEntries().forEach(each => { if (!each.hadRecentInput) window.seen.shift += each.value; }))
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(each => { window.seen.lcp = each.startTime; }))
  .observe({type: 'largest-contentful-paint', buffered: true});
"""
TIMES = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const ready = performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
  return {shift: window.seen.shift, lcp: window.seen.lcp, fcp: paint ? paint.startTime : 0, ready};
}"""


@dataclass(slots=True)
class Weight:
    """What came over the link for a page (bytes as sent, headers too) and when it was there, in milliseconds.

    `usable`: it is painted and its scripts have run. `shift` is the cumulative layout shift, scrolled to its end.
    """

    bytes: int = 0
    requests: list[str] = field(default_factory=list)
    fcp: float = 0
    lcp: float = 0
    usable: float = 0
    shift: float = 0


def weigh(context: BrowserContext, url: str, *, slow: bool = False) -> Weight:
    """The page at that address, asked for by this signed-in browser with nothing kept from before."""
    page = context.new_page()
    page.add_init_script(WATCH)
    wire, weight = context.new_cdp_session(page), Weight()
    _listen(wire, weight, slow=slow)
    page.goto(url, wait_until="networkidle")
    times: dict[str, float] = page.evaluate(TIMES)
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 400) { scrollTo(0, y); await new Promise(requestAnimationFrame); } }"
    )
    page.wait_for_load_state("networkidle")
    weight.fcp, weight.lcp, weight.usable = times["fcp"], times["lcp"], max(times["fcp"], times["ready"])
    weight.shift = page.evaluate("window.seen.shift")
    page.close()
    return weight


def _listen(wire: CDPSession, weight: Weight, *, slow: bool) -> None:
    def asked(event: dict[str, Any]) -> None:
        weight.requests.append(event["request"]["url"])

    def came(event: dict[str, Any]) -> None:
        weight.bytes += round(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    if slow:
        link = {"latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        wire.send("Network.emulateNetworkConditions", {"offline": False, **link})
        wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES_SLOWER})
