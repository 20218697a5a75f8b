/// Requests as people's programs send them, to conversations.
///
/// In: the body of a request to OpenAI's Chat Completions or Responses, or to Anthropic's Messages. Out: a
/// [dev.baleen.chat.request.ConvertedRequest], or a refusal with the text that DeepSeek's own service gives. The rules
/// are those of DeepSeek's API: which fields count, how thinking and effort are asked for, what a history of tool
/// calls has to look like. Read [dev.baleen.chat.request.ChatCompletionsRequest] first.
///
/// Knows nothing of HTTP, and not how a conversation is laid out.
@NullMarked
package dev.baleen.chat.request;

import org.jspecify.annotations.NullMarked;
