// Markdown to safe HTML. What a model writes is never trusted.
import "/lib/markdown-it.js";
import "/lib/purify.js";

const renderer = globalThis.markdownit({ html: false, linkify: true, breaks: true });
const sanitizer = globalThis.DOMPurify;

// An image would be fetched from wherever the model says, and would tell that place that the answer is being read.
renderer.disable("image");

// A column's alignment as a class: the page allows no styles but its own files'.
for (const cell of ["th_open", "td_open"]) {
  renderer.renderer.rules[cell] = (tokens, index, options, _, self) => {
    const style = tokens[index].attrGet("style");
    tokens[index].attrs = style ? [["class", style.replace("text-align:", "")]] : null;
    return self.renderToken(tokens, index, options);
  };
}

sanitizer.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
});

/** The nodes of a Markdown text. An unfinished text, as while streaming, renders as far as it goes. */
export function render(markdown) {
  return sanitizer.sanitize(renderer.render(markdown), {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "img", "picture", "video", "audio"],
    FORBID_ATTR: ["style"],
    ALLOW_DATA_ATTR: false,
  });
}
