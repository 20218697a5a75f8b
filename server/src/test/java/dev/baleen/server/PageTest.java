package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.ChatModel;
import dev.baleen.generation.EngineStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page as a person meets it, in a real browser. Pictures of it go to `target/page`.
@Tag("browser")
@Timeout(300)
class PageTest {
    private static final Path PICTURES = Path.of("target/page");
    private static final String SUM = "What is 424 + 837?";
    private static final String ENDLESS = "Count";
    private static final String MARKDOWN = "Show me Markdown";
    private static final String HOSTILE = "Attack";

    private static Browser browser;
    private static BaleenServer server;
    private Tab tab;

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> program = Browser.find();
        if (program.isEmpty()) {
            String reason = "skipped: no Chromium on the PATH, and none named by BALEEN_CHROMIUM";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        browser = Browser.start(program.get());
        server = BaleenServer.start("127.0.0.1", 0, PageTest::model);
        server.awaitModel();
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    @BeforeEach
    void open() {
        tab = browser.open();
        tab.size(1280, 800, false);
    }

    @AfterEach
    void close() {
        try {
            assertEquals(List.of(), tab.problems());
            String own = address();
            assertEquals(
                    List.of(),
                    tab.requests().stream().filter(url -> !url.startsWith(own)).toList(),
                    "nothing is asked of anybody else");
        } finally {
            tab.close();
        }
    }

    private static ChatModel model() {
        return new Script()
                .says(
                        SUM,
                        "4",
                        "2",
                        "4",
                        "+",
                        "8",
                        "3",
                        "7",
                        "\n",
                        "4+7=11, ",
                        "carry 1\n",
                        "2+3+1=6\n",
                        "4+8=12\n",
                        "</think>",
                        "1",
                        "2",
                        "6",
                        "1")
                .says("And why?", "They ask why.", "</think>", "Because **4 + 7** is 11.")
                .saysForever(ENDLESS, "one", "</think>", "ha ")
                .saysForever("Think on", "hm\n")
                .says(
                        MARKDOWN,
                        "A plan",
                        "</think>",
                        "# Title\n\nSome *text* with `code`",
                        " and [a link](https://example.com).\n",
                        "\n| a | b |\n|:--|--:|\n| 1 | 2 |\n",
                        "\n```java\nint veryLongLine = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14;\n```\n",
                        "\n- one\n- two\n\n> a quotation\n\n1. first\n2. second\n",
                        "\nAVeryLongWordWithoutAnyPlaceToBreakItWhichMustNotMakeThePageScrollSidewaysOnAnyTelephone")
                .says(
                        HOSTILE,
                        "<script>window.harmed = 1</script>",
                        "<img src=x onerror='window.harmed = 2'>",
                        "</think>",
                        "<script>window.harmed = 3</script><img src=x onerror='window.harmed = 4'>",
                        "[link](javascript:window.harmed=5) ![picture](https://example.com/spy.png) ",
                        "<a href='javascript:window.harmed=6'>a</a><style>body { display: none }</style>",
                        "<iframe src='https://example.com'></iframe> <think>not a thought</think> done")
                .pace(Duration.ofMillis(20))
                .open();
    }

    @Test
    void answersAQuestion() {
        tab.go(address());
        tab.waitFor("document.activeElement.id === 'message'");
        assertFalse(enabled(".send"), "there is nothing to send yet");
        ask(SUM);
        tab.waitFor("document.querySelector('[data-role=assistant][data-state=streaming]')");
        tab.waitFor(
                "document.querySelector('[data-testid=thinking]:not([hidden]) .label').textContent.startsWith('Thinking')");
        done(1);
        assertEquals("message", tab.evaluate("document.activeElement.id").textValue());
        assertEquals("1261", tab.text("[data-testid=answer]").trim());
        assertTrue(tab.text("[data-testid=thinking] .label").matches("Thought for [0-9.]+ s"));
        assertFalse(tab.evaluate("document.querySelector('[data-testid=thinking]').open")
                .booleanValue());
        assertTrue(tab.text(".foot").contains("tokens/s"));
        assertFalse(tab.evaluate("document.body.innerText").textValue().contains("think>"));
        assertEquals("Answer ready, 1 word", tab.text("[data-testid=announcer]"));
        tab.click("[data-testid=thinking] summary");
        tab.waitFor("document.querySelector('[data-testid=thinking]').open");
        assertTrue(tab.text(".thought").startsWith("424+837\n4+7=11, carry 1"));
        assertEquals(1, tab.evaluate("document.querySelectorAll('h1').length").intValue());
    }

    @Test
    void goesOnWithTheConversation() {
        tab.go(address());
        ready();
        tab.click(".suggestions button");
        done(1);
        ask("And why?");
        done(2);
        assertEquals("4 + 7", tab.text("[data-role=assistant]:last-child [data-testid=answer] strong"));
        assertEquals(
                4,
                tab.evaluate("document.querySelectorAll('[data-testid=message]').length")
                        .intValue());
        tab.click("#new-chat");
        tab.waitFor("document.querySelectorAll('[data-testid=message]').length === 0");
        tab.waitFor("document.querySelector('.greeting').offsetParent && document.activeElement.id === 'message'");
    }

    @Test
    void stopsWhenAsked() {
        tab.go(address());
        for (Runnable stop :
                List.<Runnable>of(() -> tab.click(".send.stop"), () -> tab.escape(), () -> tab.click("#new-chat"))) {
            ask(ENDLESS);
            tab.waitFor("[...document.querySelectorAll('[data-testid=answer]')].at(-1)?.textContent.includes('ha ha')");
            stop.run();
            tab.waitFor("document.querySelector('.send').textContent === 'Send'");
            assertIdle();
        }
        assertEquals(
                0,
                tab.evaluate("document.querySelectorAll('[data-testid=message]').length")
                        .intValue());
    }

    @Test
    void keepsWhatWasThereWhenItWasStopped() {
        tab.go(address());
        ask(ENDLESS);
        tab.waitFor("document.querySelector('[data-testid=answer]')?.textContent.includes('ha ha')");
        tab.click(".send.stop");
        tab.waitFor("document.querySelector('[data-role=assistant][data-state=stopped]')");
        assertTrue(tab.text(".foot").contains("Stopped"));
        assertTrue(tab.text("[data-testid=answer]").startsWith("ha ha"));
        assertIdle();
        ask(SUM);
        done(2);
    }

    @Test
    void leavesWhoScrolledUpWhereTheyAre() {
        tab.size(1280, 400, false);
        tab.go(address());
        ask("Think on");
        tab.waitFor("document.querySelector('[data-testid=thinking]:not([hidden])')");
        tab.click("[data-testid=thinking] summary");
        tab.waitFor("document.querySelector('main').scrollTop > 100");
        tab.evaluate("document.querySelector('main').scrollTop = 20");
        tab.waitFor("!document.getElementById('latest').hidden");
        int height = height();
        tab.waitFor("document.querySelector('main').scrollHeight > " + (height + 50));
        assertEquals(
                20, tab.evaluate("document.querySelector('main').scrollTop").intValue());
        tab.click("#latest");
        tab.waitFor("document.getElementById('latest').hidden");
        int later = height();
        tab.waitFor("document.querySelector('main').scrollHeight > " + (later + 50)
                + " && (m => m.scrollHeight - m.scrollTop - m.clientHeight < 60)(document.querySelector('main'))");
        tab.escape();
        assertIdle();
    }

    @Test
    void sendsBackNoThoughts() {
        tab.go(address());
        tab.evaluate("(() => { const own = fetch; window.sent = []; window.fetch = (url, options) => {"
                + " if (options?.body) sent.push(JSON.parse(options.body).messages); return own(url, options); } })()");
        ask(SUM);
        done(1);
        ask("And why?");
        done(2);
        assertEquals(Client.json("""
                        [{"role": "user", "content": "What is 424 + 837?"}, {"role": "assistant", "content": "1261"},
                         {"role": "user", "content": "And why?"}]
                        """), tab.evaluate("sent[1]"));
    }

    private int height() {
        return tab.evaluate("document.querySelector('main').scrollHeight").intValue();
    }

    @Test
    void sendsWithEnterAndBreaksLinesWithShift() {
        tab.go(address());
        ready();
        tab.enter();
        tab.type("What is");
        tab.shiftEnter();
        tab.type("this?");
        assertEquals(
                "What is\nthis?",
                tab.evaluate("document.getElementById('message').value").textValue());
        tab.enter();
        done(1);
        assertEquals("What is\nthis?", tab.text("[data-role=user] .text"));
        assertEquals(
                "", tab.evaluate("document.getElementById('message').value").textValue());
    }

    @Test
    void answersWithoutThinkingWhereItIsSwitchedOff() {
        tab.go(address());
        ready();
        tab.click("#think");
        ask(SUM);
        done(1);
        assertTrue(tab.evaluate("document.querySelector('[data-testid=thinking]').hidden")
                .booleanValue());
        assertEquals("1261", tab.text("[data-testid=answer]").trim());
    }

    @Test
    void makesNothingHappenThatTheModelWrote() {
        tab.go(address());
        ask(HOSTILE);
        done(1);
        assertTrue(tab.evaluate("window.harmed === undefined").booleanValue());
        String tags = "script, img, style, iframe, form, input, a[href^=javascript], [style], [onerror]";
        assertEquals(
                0,
                tab.evaluate("document.querySelectorAll('article :is(" + tags + ")').length")
                        .intValue());
        assertTrue(tab.text("[data-testid=answer]").contains("<script>"), "it is shown as what it is: text");
        assertTrue(tab.text("[data-testid=answer]").endsWith("done\n"));
    }

    @ParameterizedTest
    @CsvSource({"390, 844", "320, 640"})
    void neverScrollsSidewaysOnATelephone(int width, int height) throws IOException {
        tab.size(width, height, true);
        tab.go(address());
        ready();
        assertFits("empty");
        tab.screenshot(PICTURES.resolve("telephone-" + width + "-empty.png"));
        ask(MARKDOWN);
        done(1);
        tab.click("[data-testid=thinking] summary");
        tab.waitFor("document.querySelector('[data-testid=thinking]').open");
        assertFits("answer");
        tab.evaluate("document.querySelector('main').scrollTop = 0");
        tab.screenshot(PICTURES.resolve("telephone-" + width + "-answer.png"));
        assertTrue(
                tab.evaluate("[...document.querySelectorAll('button')].filter(b => b.offsetParent)"
                                + ".every(b => b.getBoundingClientRect().height >= 44)")
                        .booleanValue(),
                "a finger finds every button");
        assertTrue(tab.evaluate("document.getElementById('composer').getBoundingClientRect().bottom <= innerHeight")
                .booleanValue());
    }

    @Test
    void looksWellInLightAndDark() throws IOException {
        for (boolean dark : List.of(false, true)) {
            tab.dark(dark);
            String name = dark ? "dark" : "light";
            tab.go(address());
            ready();
            String background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
                    .textValue();
            assertEquals(dark ? "rgb(14, 20, 25)" : "rgb(251, 252, 253)", background);
            tab.screenshot(PICTURES.resolve(name + "-empty.png"));
            ask("Think on");
            tab.waitFor("document.querySelector('.glimpse')?.textContent");
            tab.screenshot(PICTURES.resolve(name + "-thinking.png"));
            tab.escape();
            tab.click("#new-chat");
            ask(SUM);
            done(1);
            ask(MARKDOWN);
            done(2);
            tab.click("[data-role=assistant]:last-child [data-testid=thinking] summary");
            tab.evaluate("document.querySelector('main').scrollTop = 0");
            tab.screenshot(PICTURES.resolve(name + "-answer.png"));
        }
    }

    @Test
    void saysThatTheModelLoadsAndThatTheServerIsGone() {
        CountDownLatch loaded = new CountDownLatch(1);
        BaleenServer loading = BaleenServer.start("127.0.0.1", 0, () -> {
            loaded.await();
            return model();
        });
        Tab other = browser.open();
        try {
            other.go("http://127.0.0.1:" + loading.port() + "/");
            other.waitFor("document.getElementById('notice').textContent.includes('loading')");
            other.type("Hello");
            assertTrue(
                    other.evaluate("document.querySelector('.send').disabled").booleanValue());
            loaded.countDown();
            other.waitFor("!document.querySelector('.send').disabled");
            assertEquals("", other.text("#notice"));
            loading.close();
            // A connection that the browser kept open may be answered for a moment longer.
            other.waitFor("fetch('/health').then(() => false, () => true)");
            other.enter();
            other.waitFor("document.querySelector('[role=alert]')?.textContent");
            String alert = other.text("[role=alert]");
            assertTrue(alert.contains("cannot be reached"), alert);
        } finally {
            other.close();
            loading.close();
        }
    }

    private static String address() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private void ready() {
        tab.waitFor("document.getElementById('model').textContent !== ''");
    }

    private void ask(String question) {
        ready();
        tab.evaluate("document.getElementById('message').focus()");
        tab.type(question);
        tab.click(".send");
    }

    /// Waits until so many answers are there and whole.
    private void done(int answers) {
        tab.waitFor("document.querySelectorAll('[data-role=assistant]').length === " + answers
                + " && [...document.querySelectorAll('[data-role=assistant]')].at(-1).dataset.state === 'done'");
    }

    private boolean enabled(String selector) {
        return !tab.evaluate("document.querySelector('" + selector + "').disabled")
                .booleanValue();
    }

    private void assertFits(String what) {
        JsonNode widths = tab.evaluate("(() => { const main = document.querySelector('main'); return {"
                + "page: document.documentElement.scrollWidth - innerWidth, main: main.scrollWidth - main.clientWidth,"
                + "out: [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
                + " && !e.closest('pre, table, .hidden, .skip')).map(e => e.outerHTML.slice(0, 80)) }; })()");
        assertEquals(0, widths.get("page").intValue(), what);
        assertEquals(0, widths.get("main").intValue(), what);
        assertEquals(0, widths.get("out").size(), what + ": " + widths.get("out"));
    }

    private static void assertIdle() {
        EngineStatus status = server.awaitModel().engine().status();
        while (status.running() + status.waiting() > 0 || status.pagesFree() < status.pages()) {
            LockSupport.parkNanos(1_000_000);
            if (Thread.interrupted()) {
                throw new AssertionError("The engine still computes");
            }
            status = server.awaitModel().engine().status();
        }
    }
}
