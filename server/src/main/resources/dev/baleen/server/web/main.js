// The chat page: a conversation that lives as long as the page does.
import { ApiError, firstModel, streamAnswer } from "/app/api.js";
import { Answer, userMessage } from "/app/message.js";

const SUGGESTIONS = ["What is 424 + 837?", "Which is larger, 9.11 or 9.9?", "Sort 70, 1, 64", "Who are you?"];
const NEAR_END_PIXELS = 48;
const RETRY_MILLIS = 500;

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
/** Whether the page keeps to the end of the conversation. A person who scrolls up is never moved. */
let follow = true;
let lastTop = 0;
const touch = matchMedia("(pointer: coarse)");

function announce(text) {
  byId("announcer").textContent = text;
}

function nearEnd() {
  return main.scrollHeight - main.scrollTop - main.clientHeight <= NEAR_END_PIXELS;
}

function toEnd() {
  main.scrollTop = main.scrollHeight;
  lastTop = main.scrollTop;
}

/** Learns from where the page stands whether to go on following; asked before every move, as events come late. */
function notePosition() {
  if (nearEnd()) follow = true;
  else if (main.scrollTop < lastTop) follow = false;
  lastTop = main.scrollTop;
  latest.hidden = follow;
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
  focusComposer();
}

async function send(text) {
  const answer = new Answer();
  const abort = new AbortController();
  running = { answer, abort };
  byId("welcome").hidden = true;
  byId("new-chat").hidden = false;
  conversation.append(userMessage(text), answer.node);
  showAction();
  follow = true;
  toEnd();
  answer.onPaint = () => {
    notePosition();
    if (follow) toEnd();
  };
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
    announce(`Answer ready, ${counted(answer.content)}`);
  } catch (problem) {
    if (abort.signal.aborted) {
      answer.stop();
      announce("Stopped");
    } else {
      answer.fail(explain(problem));
    }
  }
  if (running?.answer === answer) {
    // A question that got no answer at all is not kept: the next one starts from where this one did.
    if (answer.content.trim()) history = [...messages, { role: "assistant", content: answer.content.trim() }];
    running = null;
    if (follow) toEnd();
    showAction();
  }
}

/** What went wrong, in words. A connection that fails is a TypeError to browsers. */
function explain(problem) {
  return problem instanceof ApiError ? problem.message : "Baleen cannot be reached. Is it still running?";
}

function counted(text) {
  const words = text.split(/\s+/).filter(Boolean).length;
  return words === 1 ? "1 word" : `${words} words`;
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
  focusComposer();
}

/** Not where that would bring up a keyboard over half of the page. */
function focusComposer() {
  if (!touch.matches) textarea.focus();
}

function submit() {
  const text = textarea.value.trim();
  if (!text || running || !model) return;
  textarea.value = "";
  send(text);
  focusComposer();
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

textarea.addEventListener("input", showAction);
textarea.addEventListener("keydown", (event) => {
  // Enter that ends an input-method composition never sends; nor does it where there is no Shift to break a line with.
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !composing && !touch.matches) {
    event.preventDefault();
    submit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) stop();
});

byId("think").addEventListener("click", (event) => {
  const button = event.currentTarget;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
});

byId("new-chat").addEventListener("click", newChat);
latest.addEventListener("click", toEnd);
main.addEventListener("scroll", notePosition);
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
  focusComposer();
  while (!model) {
    try {
      model = (await firstModel()).id;
      byId("notice").textContent = "";
    } catch (problem) {
      byId("notice").textContent = explain(problem);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }
  byId("model").textContent = model;
  showAction();
}

start();
