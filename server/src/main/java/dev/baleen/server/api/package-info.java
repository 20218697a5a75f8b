/// The HTTP interface for programs, as OpenAI's and DeepSeek's clients speak it.
///
/// In: JSON requests. Out: JSON answers or server-sent events. Read [dev.baleen.server.api.ChatCompletions] first. An
/// endpoint is one class; what all share is [dev.baleen.server.api.ApiException]. Knows nothing of pages.
@NullMarked
package dev.baleen.server.api;

import org.jspecify.annotations.NullMarked;
