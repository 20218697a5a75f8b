package dev.baleen.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// One page in a [Browser]: what a person does with it, what it asks the network for, and what it complains of.
final class Tab implements AutoCloseable {
    private static final int SHIFT = 8;

    private final Browser browser;
    private final String session;
    private final String target;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Tab(Browser browser, String session, String target) {
        this.browser = browser;
        this.session = session;
        this.target = target;
        browser.listen(session, this::receive);
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            send(domain + ".enable", Map.of());
        }
    }

    /// Errors of the console, exceptions and requests that were refused or failed.
    List<String> problems() {
        return problems;
    }

    /// Every address that was asked for.
    List<String> requests() {
        return requests;
    }

    void size(int width, int height, boolean touch) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", touch ? 2 : 1, "mobile", touch));
        send("Emulation.setTouchEmulationEnabled", Map.of("enabled", touch));
    }

    void dark(boolean dark) {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        send("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    void go(String address) {
        send("Page.navigate", Map.of("url", address));
        waitFor("location.href.startsWith('" + address + "') && document.readyState === 'complete'");
    }

    /// The value of a JavaScript expression.
    JsonNode evaluate(String expression) {
        JsonNode result = send(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.get("result").path("value");
    }

    String text(String selector) {
        return evaluate("document.querySelector(" + quoted(selector) + ").textContent")
                .textValue();
    }

    /// Waits until an expression is true, looking every now and then; one that fails is not.
    void waitFor(String expression) {
        evaluate("new Promise(done => { const holds = () => { try { return " + expression
                + " } catch { return false } }; const look = async () => await holds() ? done(true) : setTimeout(look, 10);"
                + " look(); })");
    }

    void click(String selector) {
        JsonNode at = evaluate(
                "(() => { const node = document.querySelector(" + quoted(selector)
                        + "); node.scrollIntoView({block: 'nearest'}); const box = node.getBoundingClientRect(); return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get("x").doubleValue(),
                            "y",
                            at.get("y").doubleValue(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    void enter() {
        key("Enter", 13, "\r", 0);
    }

    void shiftEnter() {
        key("Enter", 13, "\r", SHIFT);
    }

    void escape() {
        key("Escape", 27, "", 0);
    }

    private void key(String name, int code, String text, int modifiers) {
        Map<String, Object> down = Map.of(
                "type",
                "keyDown",
                "key",
                name,
                "code",
                name,
                "windowsVirtualKeyCode",
                code,
                "text",
                text,
                "modifiers",
                modifiers);
        send("Input.dispatchKeyEvent", down);
        send(
                "Input.dispatchKeyEvent",
                Map.of(
                        "type",
                        "keyUp",
                        "key",
                        name,
                        "code",
                        name,
                        "windowsVirtualKeyCode",
                        code,
                        "modifiers",
                        modifiers));
    }

    void screenshot(Path file) throws IOException {
        JsonNode image = send("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(image.get("data").textValue()));
    }

    @Override
    public void close() {
        browser.send("Target.closeTarget", Map.of("targetId", target));
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        return browser.send(Optional.of(session), method, parameters);
    }

    private void receive(JsonNode message) {
        JsonNode parameters = message.get("params");
        switch (message.get("method").textValue()) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.get("request").get("url").textValue());
            case "Runtime.exceptionThrown" -> problems.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.get("entry").get("level").textValue().equals("error")) {
                    problems.add(parameters.toString());
                }
            }
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(parameters.get("type").textValue())) {
                    problems.add(parameters.toString());
                }
            }
            default -> {}
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
