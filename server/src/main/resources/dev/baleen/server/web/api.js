// The chat-completions API as the page uses it: one request, a stream of deltas.

/** What went wrong, in the server's words. */
export class ApiError extends Error {}

/** The first model that the server offers: {id}. Fails while it is loading. */
export async function firstModel() {
  const response = await fetch("/v1/models");
  if (!response.ok) throw new ApiError(await problemOf(response));
  return (await response.json()).data[0];
}

/**
 * Streams one answer. Calls onDelta({reasoning, content}) for every piece and resolves to {finishReason, usage}.
 * Aborting the signal closes the connection, and the server then stops computing.
 */
export async function streamAnswer({ model, messages, thinking, signal, onDelta }) {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model,
      messages,
      thinking: { type: thinking ? "enabled" : "disabled" },
      stream: true,
      stream_options: { include_usage: true },
    }),
    signal,
  });
  if (!response.ok) throw new ApiError(await problemOf(response));
  const result = { finishReason: null, usage: null };
  for await (const data of events(response.body)) {
    if (data === "[DONE]") return result;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ApiError(chunk.error.message);
    if (chunk.usage) result.usage = chunk.usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    if (choice.finish_reason) result.finishReason = choice.finish_reason;
    const { reasoning_content: reasoning, content } = choice.delta;
    if (reasoning || content) onDelta({ reasoning: reasoning ?? "", content: content ?? "" });
  }
  throw new ApiError("The connection was cut before the answer ended.");
}

/** The data of each server-sent event of a response body. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
      if (data.length) yield data.join("\n");
    }
  }
}

async function problemOf(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
