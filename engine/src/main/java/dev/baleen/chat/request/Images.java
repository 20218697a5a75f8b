package dev.baleen.chat.request;

import dev.baleen.chat.Content;
import dev.baleen.chat.request.ConvertedRequest.Image;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The pictures of a request, checked and collected in order.
final class Images {
    static final Map<String, String> DETAILS = Fields.names("low", "high", "original", "auto");
    static final String DETAIL = "high";

    private static final int LINK_MAX = 8192;
    private static final Set<String> TYPES = Set.of("image/webp", "image/png", "image/jpeg", "image/gif");

    private final List<Image> images = new ArrayList<>();

    List<Image> all() {
        return images;
    }

    /// A picture whose data was checked elsewhere.
    Content add(String url, boolean isEmbedded, String detail, String where) {
        images.add(new Image(isEmbedded, detail, where));
        return new Content.Image(url, detail);
    }

    /// A picture by its URL.
    ///
    /// @param kind how messages call it: image or file
    /// @param where of the message or the part, for messages
    /// @param link where the URL stands below `where`, for messages
    Content addUrl(String url, String detail, String kind, String where, String link) {
        if (url.startsWith("http://") || url.startsWith("https://")) {
            if (url.length() > LINK_MAX) {
                throw new RequestException(("%s.%s: image_url.url external link length %d too long, max link length"
                                + " %d. Consider passing file data directly with base64 data url instead.")
                        .formatted(where, link, url.length(), LINK_MAX));
            }
            return add(url, false, detail, where);
        }
        int comma = url.indexOf(',');
        if (!url.startsWith("data:") || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            throw new RequestException(where + ": Unsupported image_url format");
        }
        String type = url.substring("data:".length(), url.indexOf(';'));
        if (!TYPES.contains(type)) {
            throw new RequestException(("%s: You have uploaded an unsupported %s. Please make sure your %s is valid and"
                            + " has one of the following formats: webp, png, jpeg, and gif.")
                    .formatted(where, kind, kind));
        }
        if (!isBase64(url.substring(comma + 1))) {
            throw new RequestException(where + ": Invalid base64 data");
        }
        return add(url, true, detail, where);
    }

    static boolean isBase64(String data) {
        try {
            // The decoder alone would forgive a missing padding.
            return data.length() % 4 == 0 && Base64.getDecoder().decode(data).length >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
