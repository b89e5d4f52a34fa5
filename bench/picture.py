"""How soon the picture of a risk map of 2,000 nodes answers in a browser: a step of the slider, a click, zooming.

One region with 2,000 nodes; its heaviest single loss is shown, so that hundreds of nodes change. Pages come from
gunicorn, as in production, and are read by Chromium without a graphics card. Of each action we time from the input
until the frame after it was drawn. The peer is the promise itself: 300 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ours import client_of, figure, start

PROMISE_MS = 300.0
CHROMIUM = os.environ.get("BRANDWACHT_CHROMIUM", "/usr/bin/chromium")
WAIT = 60.0
ACTIONS = {
    "step": "a step of the slider",
    "jump": "from begin to end at once",
    "click": "a click",
    "zoom": "zooming",
}
MEASURE = """async (repeats) => {
  const box = document.querySelector("[data-bw-graph-explore]");
  const cy = box.bwGraph;
  const slider = box.querySelector("[data-bw-graph-time]");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const time = async (act) => {
    await frame();
    const began = performance.now();
    act();
    await frame();
    await pause(0);
    const took = performance.now() - began;
    await pause(50);
    return took;
  };
  const each = async (act) => {
    const found = [];
    for (let turn = 0; turn < repeats; turn += 1) found.push(await time(() => act(turn)));
    return found;
  };
  const to = (minute) => {
    slider.value = minute;
    slider.dispatchEvent(new Event("input"));
  };
  const far = (turn) => to(turn % 2 ? slider.max : 0);
  const near = (turn) => to(Math.round((turn * slider.max) / repeats));
  const nodes = cy.nodes("[!lane]");
  const tap = (turn) => nodes[(turn * 197 + 50) % nodes.length].emit("tap");
  const button = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  await pause(1500);
  const found = { step: await each(near), jump: await each(far), click: await each(tap) };
  cy.zoom({ level: 0.8, renderedPosition: { x: 400, y: 300 } });
  await pause(500);
  found.step.push(...(await each(near)), ...(await each(far)));
  found.click.push(...(await each(tap)));
  found.zoom = await each((turn) => button(turn % 2 ? "in" : "out").click());
  found.changes = JSON.parse(document.getElementById(box.dataset.bwGraph).textContent).changes.length;
  found.nodes = nodes.length;
  return found;
}"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _serve(port: int) -> subprocess.Popen[bytes]:
    """The web process on the same database."""
    command = [sys.executable, "-m", "gunicorn", "brandwacht.site.wsgi:application", "--bind", f"127.0.0.1:{port}",
               "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]  # fmt: skip
    web = subprocess.Popen(command, env=os.environ | {"BRANDWACHT_HTTPS": "0"})
    end = time.monotonic() + WAIT
    while not _answers(port):
        if web.poll() is not None or time.monotonic() > end:
            web.kill()
            raise SystemExit("the web process did not start")
        time.sleep(0.2)
    return web


def _look(port: int, cookie: dict[str, str], repeats: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    where = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": where}])
        page = context.new_page()
        began = time.perf_counter()
        page.goto(f"{where}/risicokaart/beeld?toon=zwaarst")
        page.locator("[data-bw-graph-explore]:not([hidden])").wait_for()
        print(f"the picture stands after {time.perf_counter() - began:.1f} s")
        found: dict[str, Any] = page.evaluate(MEASURE, repeats)
        browser.close()
    return found


def main() -> None:
    """Build, look, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as folder:
        start(Path(folder))
        from django.conf import settings
        from django.db.models import Count
        from world import Size, build

        from brandwacht.network.models import Requirement
        from brandwacht.network.tenancy import every_owner

        with every_owner():
            people = build(Size(200, 10, 2_000, 10, 10))
            rows = Requirement._base_manager.filter(organisation__code="VR17").annotate(given=Count("dependencies"))
            for given in (1, 2, 3):  # one provider lost is a failure
                Requirement._base_manager.filter(
                    pk__in=list(rows.filter(given=given).values_list("pk", flat=True))
                ).update(needed=given)
        client = client_of(people["ciso"])
        name = settings.SESSION_COOKIE_NAME
        port = _free_port()
        web = _serve(port)
        try:
            found = _look(port, {"name": name, "value": client.cookies[name].value}, 8 if asked.quick else 20)
        finally:
            web.send_signal(signal.SIGTERM)
            web.wait(30)
    nodes = found.pop("nodes")
    print(f"{nodes:,} nodes, {found.pop('changes'):,} changes")
    rows = []
    for key, words in ACTIONS.items():
        for what, value in (("median", statistics.median(found[key])), ("worst", max(found[key]))):
            said = f"picture of a map of 2,000 nodes: {words}, {what}"
            rows.append(figure(said, value, PROMISE_MS, "ms", len(found[key])))
            print(f"{words}, {what}: {value:.0f} ms")
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
