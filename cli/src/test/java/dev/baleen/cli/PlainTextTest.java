package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/// What a model writes, as a terminal gets it; and amounts of memory.
class PlainTextTest {
    @Test
    void leavesOutWhatCommandsTerminals() {
        assertEquals("]0;owned[2J", PlainText.of("\033]0;owned\007\033[2J"));
        assertEquals("31m", PlainText.of("\u009b31m"));
        assertEquals("over", PlainText.of("o\bver\r\u007f"));
        assertEquals("txt.exe", PlainText.of("\u202etxt.exe\u2066"));
    }

    @Test
    void keepsLettersLinesAndTabs() {
        String text = "a\tb\nç 数 🐳 ▸";
        assertEquals(text, PlainText.of(text));
    }

    @Test
    void aParagraphHasNoWhiteSpaceAroundItHoweverItComes() {
        StringWriter written = new StringWriter();
        Paragraph paragraph = new Paragraph(new PrintWriter(written));
        for (String piece : new String[] {"\n", " \n1,", "", " 2", "\n\n", "3", " ", "\n"}) {
            paragraph.add(piece);
        }
        assertEquals("1, 2\n\n3", written.toString());
    }

    @Test
    void readsAmountsOfMemory() {
        ByteSize size = new ByteSize();
        assertEquals(1000, size.convert("1000"));
        assertEquals(512L << 20, size.convert("512m"));
        assertEquals(4L << 30, size.convert("4 GiB"));
        assertEquals(3L << 29, size.convert("1.5g"));
        assertThrows(TypeConversionException.class, () -> size.convert("much"));
        assertThrows(TypeConversionException.class, () -> size.convert("-1g"));
    }
}
