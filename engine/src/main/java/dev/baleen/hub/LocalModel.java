package dev.baleen.hub;

import java.nio.file.Path;
import java.util.List;

/// A model that is on this machine, or a part of one.
///
/// @param name by which commands find it, such as `owner/name:Q4_K_M`
/// @param path the folder, or the file (the first of its parts) of a GGUF model
/// @param bytes of all its files
/// @param quantization how its numbers are written, such as `Q4_K_M` or `BF16`
/// @param missing parts that are not here, such as `00003`
public record LocalModel(String name, Path path, long bytes, String quantization, List<String> missing) {
    public boolean isWhole() {
        return missing.isEmpty();
    }
}
