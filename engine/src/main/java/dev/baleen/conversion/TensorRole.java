package dev.baleen.conversion;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a tensor is for, as far as [MixRules] treat tensors differently, by its name in GGUF files.
enum TensorRole {
    OUTPUT,
    TOKEN_EMBEDDING,
    /// Values and what they are made of: `attn_v`, and in latent attention `attn_kv_b`.
    ATTENTION_VALUE,
    ATTENTION_KEY,
    ATTENTION_OUTPUT,
    /// The matrix back from a feed-forward network, of experts too.
    FEED_FORWARD_DOWN,
    OTHER;

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\..*");

    static TensorRole of(String name) {
        if (name.equals("output.weight")) {
            return OUTPUT;
        }
        if (name.equals("token_embd.weight")) {
            return TOKEN_EMBEDDING;
        }
        if (name.contains("attn_qkv.weight") || name.contains("attn_kv_b.weight") || name.contains("attn_v.weight")) {
            return ATTENTION_VALUE;
        }
        if (name.contains("attn_k.weight")) {
            return ATTENTION_KEY;
        }
        if (name.contains("attn_output.weight")) {
            return ATTENTION_OUTPUT;
        }
        return name.contains("ffn_down") ? FEED_FORWARD_DOWN : OTHER;
    }

    /// The layer that a tensor belongs to; -1 where it belongs to none.
    static int layer(String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.matches() ? Integer.parseInt(layer.group(1)) : -1;
    }
}
