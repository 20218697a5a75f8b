// Markdown to safe HTML. What a model writes is never trusted.
import "/lib/markdown-it.js";
import "/lib/purify.js";

const renderer = globalThis.markdownit({ html: false, linkify: true, breaks: true });
const sanitizer = globalThis.DOMPurify;

sanitizer.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
});

/** The HTML of a Markdown text. An unfinished text, as while streaming, renders as far as it goes. */
export function render(markdown) {
  return sanitizer.sanitize(renderer.render(markdown));
}
