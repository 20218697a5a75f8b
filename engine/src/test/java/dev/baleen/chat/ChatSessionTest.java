package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.ChatSession.WhenFull;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChatSessionTest {
    @Test
    void keepsQuestionsAndAnswersWithoutThoughts() throws InterruptedException {
        try (ChatModel model = TinyChat.open(1024)) {
            ChatSession session = new ChatSession(model, "Be kind.", WhenFull.TRIM);
            ChatOptions options = TinyChat.options(model, 1).withTokensMax(300);
            ChatReply reply = session.ask("Why?", options).await();
            assertFalse(reply.reasoning().isEmpty());
            assertEquals(
                    List.of(Message.system("Be kind."), Message.user("Why?"), Message.assistant(reply.content())),
                    session.messages());
            assertEquals(model.countTokens(session.messages(), true), session.countTokens());
            session.clear();
            assertEquals(List.of(Message.system("Be kind.")), session.messages());
        }
    }

    @Test
    void forgetsTheOldestQuestionsWhenTheContextIsFull() throws InterruptedException {
        try (ChatModel model = TinyChat.open(128)) {
            ChatSession session = new ChatSession(model, "Sys", WhenFull.TRIM);
            ChatOptions options = TinyChat.options(model, 1).withThinking(false).withTokensMax(20);
            for (int i = 0; i < 8; i++) {
                session.ask("question " + i, options).await();
                assertTrue(session.countTokens() <= 128);
            }
            List<Message> messages = session.messages();
            assertEquals(Message.system("Sys"), messages.getFirst());
            assertEquals(Role.USER, messages.get(1).role());
            assertFalse(messages.contains(Message.user("question 0")));
            assertTrue(messages.contains(Message.user("question 7")));
            assertTrue(messages.contains(Message.user("question 6")));
        }
    }

    @Test
    void refusesInsteadWhereAsked() throws InterruptedException {
        try (ChatModel model = TinyChat.open(128)) {
            ChatSession session = new ChatSession(model, "", WhenFull.REFUSE);
            ChatOptions options = TinyChat.options(model, 1).withThinking(false).withTokensMax(40);
            session.ask("first question", options).await();
            List<Message> before = session.messages();
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class, () -> session.ask("a second question, no shorter", options));
            assertTrue(refusal.getMessage().contains("holds 128 tokens"), refusal.getMessage());
            assertEquals(before, session.messages());
        }
    }

    @Test
    void refusesAQuestionThatIsTooLongByItself() {
        try (ChatModel model = TinyChat.open(128)) {
            ChatSession session = new ChatSession(model, "", WhenFull.TRIM);
            assertThrows(
                    IllegalArgumentException.class, () -> session.ask("x".repeat(500), TinyChat.options(model, 1)));
            assertEquals(List.of(), session.messages());
        }
    }

    @Test
    void closesAnAnswerThatWasLeftUnread() throws InterruptedException {
        try (ChatModel model = TinyChat.open(1024)) {
            ChatSession session = new ChatSession(model, "", WhenFull.TRIM);
            ChatOptions options = TinyChat.options(model, 1).withThinking(false).withTokensMax(30);
            session.ask("unheard", options);
            ChatReply reply = session.ask("heard", options).await();
            assertEquals(List.of(Message.user("heard"), Message.assistant(reply.content())), session.messages());
        }
    }
}
