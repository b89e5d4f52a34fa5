// Time as a slider: playing goes from change to change, since between them nothing happens. By keyboard the arrows do
// the same, Page Up and Page Down go an hour, Home and End to the begin and the end.
import { duration } from "./states.js";

const PACE = 1200;

/**
 * Wires the controls in `box`. `show(minute)` draws; `say(minute)` gives the sentence for who cannot see it.
 * Begins at the minute that stands in the slider.
 */
export function startPlay(box, data, show, say) {
  const find = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  const [slider, play, now, said, back, on] = ["time", "play", "now", "said", "back", "on"].map(find);
  const stops = [...new Set([0, ...data.changes.map((change) => change.minute), data.end])].sort((a, b) => a - b);
  let timer = null;

  function draw(minute) {
    show(minute);
    now.textContent = duration(minute);
    slider.setAttribute("aria-valuetext", duration(minute));
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = play.dataset.play;
  }
  function go(minute) {
    slider.value = minute;
    draw(minute);
    said.textContent = say(minute);
  }
  const next = () => stops.find((minute) => minute > Number(slider.value));
  const before = () => stops.findLast((minute) => minute < Number(slider.value));
  function step(minute) {
    stop();
    if (minute !== undefined) go(Math.min(data.end, Math.max(0, minute)));
  }

  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= data.end) go(0);
    play.textContent = play.dataset.pause;
    timer = setInterval(() => {
      const minute = next();
      if (minute === undefined) return stop();
      go(minute);
    }, PACE);
  });
  slider.addEventListener("input", () => {
    stop();
    draw(Number(slider.value));
  });
  slider.addEventListener("change", () => (said.textContent = say(Number(slider.value))));
  slider.addEventListener("keydown", (event) => {
    const here = Number(slider.value);
    const to = {
      ArrowRight: next,
      ArrowUp: next,
      ArrowLeft: before,
      ArrowDown: before,
      PageUp: () => here + 60,
      PageDown: () => here - 60,
      Home: () => 0,
      End: () => data.end,
    }[event.key];
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(to());
  });
  back?.addEventListener("click", () => step(before()));
  on?.addEventListener("click", () => step(next()));
  draw(Number(slider.value));
}

/** The last change up to a minute as a sentence; `names` and `words` by node and by state. */
export function sentence(changes, names, words, minute) {
  const latest = changes.findLast((change) => change.minute <= minute);
  return latest ? `${duration(minute)}: ${names.get(latest.node)} ${words[latest.state]}` : duration(minute);
}
