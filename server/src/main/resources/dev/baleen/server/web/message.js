// One message on the page, and how an answer grows.
import { render } from "/app/markdown.js";

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** What a person wrote. */
export function userMessage(text) {
  return element(
    "article",
    { "data-testid": "message", "data-role": "user", "data-state": "done", "aria-label": "You", tabindex: "-1" },
    element("div", { class: "text" }, text),
  );
}

/**
 * An answer: grows by add(), ends by finish(), stop() or fail(). Painted at most once a frame, so that a fast model does
 * not slow the page.
 */
export class Answer {
  constructor() {
    this.reasoning = "";
    this.content = "";
    this.began = performance.now();
    this.thoughtMillis = null;
    this.painting = false;
    this.label = element("span", { class: "label" }, "Thinking");
    this.glimpse = element("span", { class: "glimpse", "aria-hidden": "true" });
    this.thought = element("div", { class: "thought" });
    this.thinking = element(
      "details",
      { class: "thinking", "data-testid": "thinking", "data-live": "" },
      element("summary", {}, this.label, this.glimpse),
      this.thought,
    );
    this.thinking.hidden = true;
    this.text = element("div", { class: "answer", "data-testid": "answer" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.problem.hidden = true;
    this.foot = element("div", { class: "foot" });
    this.node = element(
      "article",
      {
        "data-testid": "message",
        "data-role": "assistant",
        "data-state": "streaming",
        "aria-busy": "true",
        "aria-label": "Baleen",
        tabindex: "-1",
      },
      this.thinking,
      this.text,
      this.problem,
      this.foot,
    );
    this.clock = setInterval(() => this.paint(), 1000);
  }

  add({ reasoning, content }) {
    this.reasoning += reasoning;
    if (content && this.thoughtMillis === null) this.thoughtMillis = performance.now() - this.began;
    this.content += content;
    if (!this.painting) {
      this.painting = true;
      requestAnimationFrame(() => {
        this.painting = false;
        this.paint();
        this.onPaint?.();
      });
    }
  }

  finish({ finishReason, usage }) {
    this.end("done");
    const seconds = (performance.now() - this.began) / 1000;
    const parts = [];
    if (usage) parts.push(`${usage.completion_tokens} tokens`, `${Math.round(usage.completion_tokens / seconds)} tokens/s`);
    if (finishReason === "length") parts.push("cut at the length limit");
    if (!this.content.trim()) parts.push("no answer after thinking");
    this.footer(parts.join(" · "));
  }

  stop() {
    this.end("stopped");
    this.footer("Stopped");
  }

  fail(message) {
    this.end("error");
    this.problem.textContent = message;
    this.problem.hidden = false;
    this.footer("");
  }

  end(state) {
    clearInterval(this.clock);
    if (this.reasoning && this.thoughtMillis === null) this.thoughtMillis = performance.now() - this.began;
    this.node.dataset.state = state;
    this.node.removeAttribute("aria-busy");
    this.thinking.removeAttribute("data-live");
    this.paint();
    if (this.reasoning) this.node.setAttribute("aria-label", `Baleen, ${this.label.textContent.toLowerCase()}`);
  }

  footer(note) {
    if (this.content.trim()) {
      const copy = element("button", { type: "button" }, "Copy");
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(this.content.trim());
        copy.textContent = "Copied";
        setTimeout(() => (copy.textContent = "Copy"), 1500);
      });
      this.foot.append(copy);
    }
    if (note) this.foot.append(element("span", {}, note));
  }

  paint() {
    const thought = this.reasoning.trim();
    this.thinking.hidden = !thought;
    this.thought.textContent = thought;
    this.glimpse.textContent = this.thoughtMillis === null ? (thought.split("\n").at(-1) ?? "") : "";
    const millis = this.thoughtMillis ?? performance.now() - this.began;
    this.label.textContent = (this.thoughtMillis === null ? "Thinking " : "Thought for ") + duration(millis);
    this.text.replaceChildren(render(this.content));
  }
}

function duration(millis) {
  if (millis < 10_000) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
