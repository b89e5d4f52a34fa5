// Renews "12 minuten geleden" every half minute and marks a deadline that passed while the page was open.
// Words and thresholds are those of network/wording.py.
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds from now (negative: ago) as words of the page's language. */
export function relative(seconds, language) {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const size = Math.abs(seconds);
  if (size < 45) return null;
  const part = (length, unit) => format.format(Math.sign(seconds) * Math.max(1, Math.round(size / length)), unit);
  if (size < 55 * MINUTE) return part(MINUTE, "minute");
  if (size < 22 * HOUR) return part(HOUR, "hour");
  if (size < 26 * DAY) return part(DAY, "day");
  if (size < 320 * DAY) return part(30.4 * DAY, "month");
  return part(365.25 * DAY, "year");
}

function renew() {
  const language = document.documentElement.lang || "nl";
  for (const time of document.querySelectorAll("time[data-bw-relative]")) {
    const text = relative((Date.parse(time.dateTime) - Date.now()) / 1000, language);
    const shown = time.querySelector(".bw-when__relative");
    if (text && shown && shown.textContent !== text) shown.textContent = text;
  }
  // A countdown that no longer holds is worse than none. The server's own words stay until they stop being true.
  for (const deadline of document.querySelectorAll("[data-bw-deadline]")) {
    const left = (Date.parse(deadline.querySelector("time").dateTime) - Date.now()) / 1000;
    const text = relative(left, language);
    if (text && (deadline.dataset.bwDeadline || text) !== text) {
      deadline.querySelector(".bw-deadline__rest").textContent = text;
    }
    deadline.dataset.bwDeadline = text ?? "";
    const [now, late] = deadline.querySelectorAll(".bw-state");
    if (late) [now.hidden, late.hidden] = [left < 0, left >= 0];
  }
}

export function startTime() {
  renew();
  setInterval(renew, 30_000);
  document.addEventListener("visibilitychange", () => document.hidden || renew());
  document.addEventListener("htmx:afterSwap", renew);
}
