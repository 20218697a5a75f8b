// The chat page: a conversation that lives as long as the page does.
import { firstModel, isReady, streamAnswer } from "/app/api.js";
import { Answer, userMessage } from "/app/message.js";

const SUGGESTIONS = ["What is 424 + 837?", "Which is larger, 9.11 or 9.9?", "Sort 70, 1, 64", "Who are you?"];
const NEAR_END_PIXELS = 48;
const HEALTH_MILLIS = 500;

const byId = (id) => document.getElementById(id);
const main = document.querySelector("main");
const conversation = byId("conversation");
const textarea = byId("message");
const latest = byId("latest");

/** What the API is sent: role and content only, so that old thinking is dropped. */
let history = [];
let model = null;
/** The answer under way: {answer, abort}. */
let running = null;

function announce(text) {
  byId("announcer").textContent = text;
}

function nearEnd() {
  return main.scrollHeight - main.scrollTop - main.clientHeight <= NEAR_END_PIXELS;
}

function toEnd() {
  main.scrollTop = main.scrollHeight;
}

/** Send and Stop take turns in one place: only one is there. */
function showAction() {
  const button = document.createElement("button");
  if (running) {
    button.type = "button";
    button.className = "send stop";
    button.textContent = "Stop";
    button.addEventListener("click", stop);
  } else {
    button.type = "submit";
    button.className = "send";
    button.textContent = "Send";
    button.disabled = !model || !textarea.value.trim();
  }
  byId("action").replaceChildren(button);
}

function stop() {
  running?.abort.abort();
}

async function send(text) {
  const answer = new Answer();
  const abort = new AbortController();
  running = { answer, abort };
  byId("welcome").hidden = true;
  byId("new-chat").hidden = false;
  conversation.append(userMessage(text), answer.node);
  showAction();
  toEnd();
  let follow = true;
  const release = () => (follow = nearEnd());
  main.addEventListener("wheel", release, { passive: true });
  main.addEventListener("touchmove", release, { passive: true });
  answer.onPaint = () => (follow ? toEnd() : (latest.hidden = nearEnd()));
  const thinking = byId("think").getAttribute("aria-pressed") === "true";
  announce(thinking ? "Thinking" : "Answering");
  const messages = [...history, { role: "user", content: text }];
  try {
    const result = await streamAnswer({
      model,
      messages,
      thinking,
      signal: abort.signal,
      onDelta: (delta) => answer.add(delta),
    });
    answer.finish(result);
    announce(`Answer ready, ${answer.content.trim().split(/\s+/).length} words`);
  } catch (problem) {
    if (abort.signal.aborted) {
      answer.stop();
      announce("Stopped");
    } else {
      answer.fail(problem instanceof TypeError ? "Baleen cannot be reached. Is it still running?" : problem.message);
    }
  }
  if (running?.answer === answer) {
    // A question that got no answer at all is not kept: the next one starts from where this one did.
    if (answer.content.trim()) history = [...messages, { role: "assistant", content: answer.content.trim() }];
    running = null;
    if (follow) toEnd();
    showAction();
  }
  main.removeEventListener("wheel", release);
  main.removeEventListener("touchmove", release);
}

function newChat() {
  stop();
  running = null;
  history = [];
  conversation.replaceChildren();
  latest.hidden = true;
  byId("welcome").hidden = false;
  byId("new-chat").hidden = true;
  showAction();
  textarea.focus();
}

function submit() {
  const text = textarea.value.trim();
  if (!text || running || !model) return;
  textarea.value = "";
  send(text);
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

textarea.addEventListener("input", showAction);
textarea.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stop();
  const touch = matchMedia("(pointer: coarse)").matches;
  // Enter that ends an input-method composition never sends.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && !touch) {
    event.preventDefault();
    submit();
  }
});

byId("think").addEventListener("click", (event) => {
  const button = event.currentTarget;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
});

byId("new-chat").addEventListener("click", newChat);
latest.addEventListener("click", () => {
  latest.hidden = true;
  toEnd();
});
main.addEventListener("scroll", () => {
  if (nearEnd()) latest.hidden = true;
});
addEventListener("beforeunload", (event) => {
  if (running) event.preventDefault();
});

for (const suggestion of SUGGESTIONS) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = suggestion;
  button.addEventListener("click", () => {
    if (model && !running) send(suggestion);
  });
  byId("suggestions").append(button);
}

/** Waits until the model is loaded; a person may type meanwhile. */
async function start() {
  showAction();
  while (!(await isReady())) {
    byId("notice").textContent = "The model is loading…";
    await new Promise((resolve) => setTimeout(resolve, HEALTH_MILLIS));
  }
  byId("notice").textContent = "";
  model = (await firstModel()).id;
  byId("model").textContent = model;
  showAction();
}

start();
