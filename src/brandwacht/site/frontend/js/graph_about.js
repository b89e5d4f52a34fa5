// What is said about a node that somebody chooses: how it is, through what it came, what it needs, what needs it.
import { duration } from "./states.js";

const MOST = 12;

/** The steps that led to the state of a node at a minute, the first cause first: [{minute, node, state, need}]. */
export function causePath(causes, node, minute) {
  const met = new Set();
  const path = [];
  const follow = (key, until) => {
    const cause = causes.findLast((each) => each.node === key && each.minute <= until);
    if (!cause || met.has(key)) return;
    met.add(key);
    for (const provider of cause.providers) follow(provider, cause.minute);
    path.push(cause);
  };
  follow(node, minute);
  return path.sort((a, b) => a.minute - b.minute); // stable: in one minute causes stay before what they cause
}

function element(name, content, ...inside) {
  const made = document.createElement(name);
  if (content) made.textContent = content;
  made.append(...inside);
  return made;
}

/** Fills the panel for one node. `words` are the data attributes of the panel. */
export function tell(panel, words, node, state, path, needs, serves, labels) {
  const link = element("a", node.label);
  link.href = words.node.replace("00000000-0000-0000-0000-000000000000", node.ref ?? "");
  const title = element("p", "", element("strong", "", node.ref && words.node ? link : node.label), `: ${state}`);
  const parts = [title];
  if (path.length) {
    const steps = path.map((step) => {
      const through = step.providers.length ? ` (${step.need || step.providers.map((key) => labels.get(key) ?? key).join(", ")})` : "";
      return element("li", `${step.minute ? `${words.after} ${duration(step.minute)}` : words.atonce}: ${labels.get(step.node) ?? step.node} ${words[step.state]}${through}`);
    });
    parts.push(element("p", words.path), element("ol", "", ...steps));
  }
  const listing = (word, names) => {
    if (!names.length) return;
    const more = names.length > MOST ? ` ${words.more.replace("%", names.length - MOST)}` : "";
    parts.push(element("p", `${word} ${names.slice(0, MOST).join(", ")}${more}.`));
  };
  listing(words.needs, needs);
  listing(words.serves, serves);
  panel.replaceChildren(...parts);
  panel.hidden = false;
}
