package dev.baleen.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the environment says, by the rules of Hugging Face's own programs.
class HubSettingsTest {
    @TempDir
    private Path home;

    @Test
    void withoutVariablesItIsTheUsualHubAndTheUsualFolder() {
        HubSettings settings = settings(Map.of());
        assertEquals(URI.create("https://huggingface.co"), settings.endpoint());
        assertEquals(home.resolve(".cache/huggingface/hub"), settings.cache());
        assertEquals(home.resolve(".local/share/baleen/last-use"), settings.lastUse());
        assertEquals(Optional.empty(), settings.token());
        assertFalse(settings.offline());
    }

    @Test
    void theNearerVariableNamesTheCache() {
        assertEquals(
                Path.of("/x/huggingface/hub"),
                settings(Map.of("XDG_CACHE_HOME", "/x")).cache());
        assertEquals(
                Path.of("/h/hub"),
                settings(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")).cache());
        assertEquals(
                Path.of("/c"),
                settings(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c")).cache());
        assertEquals(
                home.resolve("models"),
                settings(Map.of("HF_HUB_CACHE", "~/models")).cache());
    }

    @Test
    void theTokenComesFromTheVariableElseFromTheFile() throws IOException {
        Path hf = Files.createDirectories(home.resolve("hf"));
        Files.writeString(hf.resolve("token"), "hf_file\n");
        assertEquals(
                Optional.of("hf_file"),
                settings(Map.of("HF_HOME", hf.toString())).token());
        assertEquals(
                Optional.of("hf_set"),
                settings(Map.of("HF_HOME", hf.toString(), "HF_TOKEN", " hf_set "))
                        .token());
        Path other = Files.writeString(home.resolve("other"), "hf_other");
        assertEquals(
                Optional.of("hf_other"),
                settings(Map.of("HF_TOKEN_PATH", other.toString())).token());
        assertEquals(
                Optional.empty(),
                settings(Map.of("HF_TOKEN", "hf_set", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"))
                        .token());
    }

    @Test
    void aTokenThatWouldBreakAHeaderIsRefusedWithoutBeingQuoted() {
        String told = refusal(Map.of("HF_TOKEN", "hf_a\nX-Evil: b"));
        assertTrue(told.contains("HF_TOKEN") && !told.contains("Evil"), told);
    }

    @Test
    void yesIsSaidInFourWays() {
        for (String yes : new String[] {"1", "on", "YES", "True"}) {
            assertTrue(settings(Map.of("HF_HUB_OFFLINE", yes)).offline(), yes);
        }
        assertFalse(settings(Map.of("HF_HUB_OFFLINE", "0")).offline());
    }

    @Test
    void anEndpointHasToBeAnAddress() {
        assertEquals(
                URI.create("http://mirror:8080/hf"),
                settings(Map.of("HF_ENDPOINT", "http://mirror:8080/hf/")).endpoint());
        for (String wrong : new String[] {"mirror", "ftp://mirror", "https://", "http://a b"}) {
            assertTrue(refusal(Map.of("HF_ENDPOINT", wrong)).contains("HF_ENDPOINT"), wrong);
        }
    }

    @Test
    void aProxyIsTakenForItsSchemeAndNotForTheHostsThatAreExcepted() {
        Proxies proxies = Proxies.of(Map.of(
                "HTTPS_PROXY", "http://me:secret@proxy:3128",
                "http_proxy", "other:8080",
                "NO_PROXY", "localhost, .internal,example.com:444,10.0.0.1"));
        assertEquals("proxy:3128", chosen(proxies, "https://huggingface.co/x"));
        assertEquals("other:8080", chosen(proxies, "http://huggingface.co/x"));
        assertEquals("direct", chosen(proxies, "https://hub.internal/x"));
        assertEquals("direct", chosen(proxies, "http://localhost:8080/x"));
        assertEquals("direct", chosen(proxies, "https://10.0.0.1/x"));
        assertEquals("direct", chosen(proxies, "https://a.example.com:444/x"));
        assertEquals("proxy:3128", chosen(proxies, "https://example.com/x"));
        assertEquals("proxy:3128", chosen(proxies, "https://notinternal/x"));
        assertEquals("me", proxies.user("proxy", 3128).orElseThrow().getUserName());
        assertTrue(proxies.user("other", 8080).isEmpty());
        assertEquals("direct", chosen(Proxies.of(Map.of("ALL_PROXY", "p:1", "NO_PROXY", "*")), "https://a/x"));
        assertEquals("p:1", chosen(Proxies.of(Map.of("ALL_PROXY", "p:1")), "https://a/x"));
    }

    @Test
    void aProxyOfAnotherKindIsRefusedWithoutItsPassword() {
        String told = refusal(Map.of("HTTPS_PROXY", "socks5://me:secret@proxy:1080"));
        assertTrue(told.contains("socks5://proxy:1080") && !told.contains("secret"), told);
    }

    private static String chosen(Proxies proxies, String address) {
        Proxy proxy = proxies.select(URI.create(address)).getFirst();
        return proxy.type() == Proxy.Type.DIRECT
                ? "direct"
                : ((InetSocketAddress) proxy.address()).getHostString() + ":"
                        + ((InetSocketAddress) proxy.address()).getPort();
    }

    private HubSettings settings(Map<String, String> environment) {
        return HubSettings.of(environment, home);
    }

    private String refusal(Map<String, String> environment) {
        return assertThrows(HubException.class, () -> settings(environment)).getMessage();
    }
}
