/// Messages to tokens, tokens to messages.
///
/// In: a conversation. Out: the answer while it comes, thoughts, content and calls of tools apart. Read
/// [dev.baleen.chat.ChatModel], which a program opens and asks, then [dev.baleen.chat.ChatTemplate] (messages to a
/// prompt), [dev.baleen.chat.OutputParser] with [dev.baleen.chat.OutputGrammar] and
/// [dev.baleen.chat.ToolCallFormat] (text to thoughts, content and calls), and [dev.baleen.chat.ChatSession] (a
/// conversation with a memory).
///
/// Knows nothing of HTTP, of terminals, or of how the next token is found.
@NullMarked
package dev.baleen.chat;

import org.jspecify.annotations.NullMarked;
