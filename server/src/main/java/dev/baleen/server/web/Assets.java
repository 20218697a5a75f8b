package dev.baleen.server.web;

import dev.baleen.server.api.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/// The files of the chat page, read once from the class path: our own, and two libraries that come as WebJars.
public final class Assets implements HttpService {
    private static final String OWN = "/dev/baleen/server/web/";

    /// Path on the server to place on the class path.
    private static final Map<String, String> FILES = Map.of(
            "/", OWN + "index.html",
            "/app/icon.svg", OWN + "icon.svg",
            "/app/tokens.css", OWN + "tokens.css",
            "/app/chat.css", OWN + "chat.css",
            "/app/main.js", OWN + "main.js",
            "/app/api.js", OWN + "api.js",
            "/app/message.js", OWN + "message.js",
            "/app/markdown.js", OWN + "markdown.js",
            "/lib/markdown-it.js", webJar("markdown-it", "dist/markdown-it.min.js"),
            "/lib/purify.js", webJar("dompurify", "dist/purify.min.js"));

    /// Nothing from elsewhere is ever loaded, and no inline script runs.
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'";

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    private record Asset(byte[] bytes, String type) {}

    public Assets() {
        FILES.forEach((path, resource) -> assets.put(path, new Asset(read(resource), typeOf(resource))));
    }

    @Override
    public void routing(HttpRules rules) {
        assets.forEach((path, asset) -> Routes.get(rules, path, (request, response) -> send(response, asset)));
    }

    private static void send(ServerResponse response, Asset asset) {
        response.header(HeaderNames.CONTENT_TYPE, asset.type);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.header("X-Content-Type-Options", "nosniff");
        response.header("Referrer-Policy", "no-referrer");
        response.send(asset.bytes);
    }

    /// Where a WebJar of whatever version is on the class path keeps a file.
    private static String webJar(String name, String file) {
        Properties properties = new Properties();
        try {
            properties.load(
                    new ByteArrayInputStream(read("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/" + name + "/" + properties.getProperty("version") + "/" + file;
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The program is incomplete: " + resource + " is missing; build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("No content type is known for " + name);
        };
    }
}
