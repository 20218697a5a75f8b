package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.baleen.dtype.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path folder;

    @Test
    void theContentDecidesWhatAFileIs() throws IOException {
        Path gguf = folder.resolve("weights.bin");
        Gguf.write(gguf, TestFiles.everyMetadataType(), new LinkedHashMap<>());
        Path safetensors = folder.resolve("weights.gguf");
        Safetensors.write(safetensors, Map.of("x", TestFiles.counting(DType.F32, 0, 2)), Map.of());
        try (Checkpoint one = Checkpoint.open(gguf);
                Checkpoint other = Checkpoint.open(safetensors)) {
            assertInstanceOf(Gguf.class, one);
            assertInstanceOf(Safetensors.class, other);
        }
    }

    @Test
    void aFolderWithOneGgufFileIsThatFile() throws IOException {
        Path file = folder.resolve("model.gguf");
        Gguf.write(file, TestFiles.everyMetadataType(), new LinkedHashMap<>());
        try (Checkpoint opened = Checkpoint.open(folder)) {
            assertEquals(file, opened.path());
        }
        Files.copy(file, folder.resolve("other.gguf"));
        TestFiles.refused(folder, "holds 2 models in 2 GGUF files", "give the path of one");
    }

    @Test
    void refusesWhatIsNoCheckpointAndSaysWhatItIs() throws IOException {
        TestFiles.refused(folder.resolve("nowhere"), "nowhere", "there is no such file");
        TestFiles.refused(TestFiles.write(folder.resolve("e.gguf"), ""), "is empty");
        TestFiles.refused(TestFiles.write(folder.resolve("t.txt"), "Call me Ishmael."), "neither GGUF nor safetensors");
        TestFiles.refused(TestFiles.write(folder.resolve("p.bin"), "PK\u0003\u0004..........."), "PyTorch");
        TestFiles.refused(TestFiles.write(folder.resolve("b.gguf"), "FUGG0000000000000"), "big-endian");
        TestFiles.refused(TestFiles.write(folder.resolve("config.json"), "{\"a\": 1, \"b\": 2}"), "give the folder");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        TestFiles.refused(link, "a link to a file that is gone");
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        TestFiles.refused(loop, "loop");
    }
}
