package dev.baleen.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which files are meant, over listings such as publishers make.
class FileChoiceTest {
    private static final List<String> DISTILL = List.of(
            ".gitattributes",
            "DeepSeek-R1-Distill-Qwen-1.5B-BF16.gguf",
            "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf",
            "DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf",
            "DeepSeek-R1-Distill-Qwen-1.5B-UD-IQ1_S.gguf",
            "README.md",
            "config.json",
            "imatrix_unsloth.gguf",
            "mmproj-F16.gguf");

    @Test
    void withoutAChoiceItIsThePreferredQuantization() {
        assertEquals(List.of("DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf"), chosen(DISTILL, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "q8_0, DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf",
        "Q8_0, DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf",
        "bf16, DeepSeek-R1-Distill-Qwen-1.5B-BF16.gguf",
        "IQ1_S, DeepSeek-R1-Distill-Qwen-1.5B-UD-IQ1_S.gguf",
        "UD-IQ1_S, DeepSeek-R1-Distill-Qwen-1.5B-UD-IQ1_S.gguf",
        "DeepSeek-R1-Distill-Qwen-1.5B-BF16.gguf, DeepSeek-R1-Distill-Qwen-1.5B-BF16.gguf"
    })
    void aChoiceIsAQuantizationInAnyCaseOrAFile(String choice, String file) {
        assertEquals(List.of(file), chosen(DISTILL, choice));
    }

    @Test
    void aChoiceOfASplitModelIsAllItsParts() {
        List<String> parts = chosen(large(), "Q4_K_M");
        assertEquals(9, parts.size());
        assertTrue(parts.stream().allMatch(part -> part.startsWith("Q4_K_M/")), parts.toString());
        assertEquals(parts, chosen(large(), ""));
        assertEquals(parts, chosen(large(), "Q4_K_M/DeepSeek-R1-Q4_K_M-00003-of-00009.gguf"));
    }

    @Test
    void aSplitModelWithoutAllItsPartsIsRefused() {
        List<String> files =
                large().stream().filter(file -> !file.contains("0003")).toList();
        String told = refusal(files, "Q4_K_M");
        assertTrue(told.contains("lacks part 00003"), told);
    }

    @Test
    void aChoiceThatThereIsNotIsAnsweredWithWhatThereIs() {
        String told = refusal(DISTILL, "Q4_K_S");
        assertTrue(told.contains("perhaps you mean Q4_K_M"), told);
        assertTrue(told.contains("BF16, Q4_K_M, Q8_0, UD-IQ1_S"), told);
        assertTrue(refusal(DISTILL, "Q4_K").contains("no ':Q4_K'"));
    }

    @Test
    void severalModelsWithoutThePreferredOneAreLeftToTheAsker() {
        String told = refusal(List.of("m-Q8_0.gguf", "m-Q2_K.gguf"), "");
        assertTrue(told.contains("holds 2 models") && told.contains("Q2_K, Q8_0"), told);
        assertEquals(List.of("m-Q8_0.gguf"), chosen(List.of("m-Q8_0.gguf"), ""));
        assertEquals(List.of("ggml.gguf"), chosen(List.of("ggml.gguf"), ""));
    }

    @Test
    void oneQuantizationOfTwoModelsIsTakenApartByFile() {
        List<String> files = List.of("base-Q4_K_M.gguf", "chat-Q4_K_M.gguf");
        assertTrue(refusal(files, "Q4_K_M").contains("chat-Q4_K_M.gguf"));
        assertEquals(List.of("chat-Q4_K_M.gguf"), chosen(files, "chat-Q4_K_M.gguf"));
    }

    @Test
    void aRepositoryOfBothFormatsIsChosenFromByName() {
        List<String> files = List.of("config.json", "model.safetensors", "m-Q4_K_M.gguf", "tokenizer.json");
        assertEquals(List.of("m-Q4_K_M.gguf"), chosen(files, ""));
        assertEquals(List.of("config.json", "model.safetensors", "tokenizer.json"), chosen(files, "safetensors"));
    }

    @Test
    void aSecondCopyOfTheSameWeightsStaysThere() {
        List<String> files = List.of("config.json", "consolidated.safetensors", "model.safetensors", "x/y.safetensors");
        assertEquals(List.of("config.json", "model.safetensors"), chosen(files, ""));
        assertEquals(List.of("consolidated.safetensors"), chosen(List.of("consolidated.safetensors"), ""));
    }

    @Test
    void whatHoldsNoModelThatIsReadIsRefused() {
        assertTrue(refusal(List.of("pytorch_model.bin", "config.json"), "").contains("PyTorch"));
        assertTrue(refusal(List.of("README.md"), "").contains("neither GGUF nor safetensors"));
        assertTrue(refusal(List.of("model.safetensors"), "Q4_0").contains("holds no GGUF file"));
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek-coder-6.7b-instruct.Q5_K_M.gguf, Q5_K_M",
        "m-UD-Q2_K_XL-00001-of-00005.gguf, UD-Q2_K_XL",
        "Q8_0/DeepSeek-V3-Q8_0-00001-of-00015.gguf, Q8_0",
        "deepseek-v2-lite-chat-q4_k_m.gguf, Q4_K_M",
        "m_f16.gguf, F16",
        "m-MXFP4_MOE.gguf, MXFP4_MOE",
        "m-TQ1_0.gguf, TQ1_0",
        "m-IQ4_NL.gguf, IQ4_NL"
    })
    void theQuantizationIsReadFromTheName(String path, String quantization) {
        assertEquals(Optional.of(quantization), FileChoice.quantization(path));
    }

    /// Each quantization in a folder of its own, in parts.
    private static List<String> large() {
        return Stream.of("Q4_K_M", "Q8_0")
                .flatMap(quantization -> IntStream.rangeClosed(1, 9)
                        .mapToObj(part -> "%1$s/DeepSeek-R1-%1$s-0000%2$d-of-00009.gguf".formatted(quantization, part)))
                .toList();
    }

    private static List<String> chosen(List<String> paths, String choice) {
        return choose(paths, choice).files().stream().map(RemoteFile::path).toList();
    }

    private static String refusal(List<String> paths, String choice) {
        return assertThrows(HubException.class, () -> choose(paths, choice)).getMessage();
    }

    private static FileChoice choose(List<String> paths, String choice) {
        List<RemoteFile> files =
                paths.stream().map(path -> RemoteFile.local(path, 1)).toList();
        return FileChoice.of(files, Optional.of(choice).filter(text -> !text.isEmpty()), "org/name");
    }
}
