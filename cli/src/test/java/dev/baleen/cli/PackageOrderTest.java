package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The imports in the sources follow the table of packages in ARCHITECTURE.md.
class PackageOrderTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\| ([a-z]+) \\|");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package dev\\.baleen\\.([a-z.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?dev\\.baleen\\.([a-z]+(?:\\.[a-z]+)*)\\.[A-Z*][^;]*;");

    /// The table: packages in order, `module/package`.
    private record Order(List<String> rows) {
        static Order read(String markdown) {
            String section = markdown.substring(markdown.indexOf("\n## The packages\n") + 1);
            return new Order(section.lines()
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .map(ROW::matcher)
                    .filter(row -> row.find())
                    .map(row -> row.group(2) + "/" + row.group(1))
                    .toList());
        }

        int place(String name) {
            return rows.stream()
                    .map(row -> row.replaceFirst(".*/", ""))
                    .toList()
                    .indexOf(name);
        }

        /// What is wrong with one source file of a module, a sentence each.
        List<String> violations(String module, String file, String source) {
            var name = PACKAGE.matcher(source);
            if (!name.find()) {
                return List.of(file + " is in no package below dev.baleen");
            }
            String here = name.group(1);
            var wrong = new ArrayList<String>();
            if (!rows.contains(module + "/" + here)) {
                wrong.add(file + ": the package " + here + " of the module " + module
                        + " is missing in ARCHITECTURE.md, section 'The packages'; add a row where it belongs");
            }
            var imports = IMPORT.matcher(source);
            while (imports.find()) {
                String there = imports.group(1);
                if (!there.equals(here) && (place(there) < 0 || place(there) > place(here))) {
                    wrong.add(file + ": '" + imports.group() + "' runs uphill: ARCHITECTURE.md lists " + there
                            + " not above " + here);
                }
            }
            return wrong;
        }
    }

    @Test
    void everyImportRunsDownhill() throws IOException {
        Path root = LauncherHouse.repository();
        Order order = Order.read(Files.readString(root.resolve("ARCHITECTURE.md")));
        var wrong = new ArrayList<String>();
        int files = 0;
        for (String module : List.of("engine", "training", "server", "cli")) {
            Path sources = root.resolve(module).resolve("src/main/java");
            if (!Files.isDirectory(sources)) {
                continue;
            }
            try (Stream<Path> tree = Files.walk(sources)) {
                for (Path file :
                        tree.filter(f -> f.toString().endsWith(".java")).toList()) {
                    wrong.addAll(order.violations(module, root.relativize(file).toString(), Files.readString(file)));
                    files++;
                }
            }
        }
        assertTrue(files > 10, "found only " + files + " sources below " + root);
        assertEquals(List.of(), wrong, String.join("\n", wrong));
    }

    @Test
    void readsTheTableInItsOrder() {
        assertEquals(List.of("engine/dtype", "engine/tensor", "cli/cli"), made().rows());
    }

    @Test
    void allowsWhatRunsDownhillOrStaysOrLeavesTheHouse() {
        String source = """
                package dev.baleen.tensor;
                import dev.baleen.dtype.DType;
                import static dev.baleen.tensor.Shape.of;
                import java.util.List;
                """;
        assertEquals(List.of(), made().violations("engine", "Tensor.java", source));
    }

    @Test
    void findsAnImportThatRunsUphill() {
        for (String line : List.of(
                "import dev.baleen.tensor.Tensor;",
                "import dev.baleen.tensor.Tensor.Kind;",
                "import dev.baleen.tensor.*;",
                "import static dev.baleen.tensor.Tensor.zeros;",
                "import dev.baleen.unheard.Of;")) {
            var wrong = made().violations("engine", "DType.java", "package dev.baleen.dtype;\n" + line + "\n");
            assertEquals(1, wrong.size(), line);
            assertTrue(wrong.getFirst().startsWith("DType.java: '" + line + "' runs uphill"), wrong.getFirst());
        }
    }

    @Test
    void findsAPackageThatTheTableLacksOrGivesToAnotherModule() {
        for (String name : List.of("unheard", "tensor.inner", "cli")) {
            var wrong = made().violations("engine", "X.java", "package dev.baleen." + name + ";\nclass X {}\n");
            assertEquals(1, wrong.size(), name);
            assertTrue(wrong.getFirst().contains("is missing in ARCHITECTURE.md"), wrong.getFirst());
        }
    }

    private static Order made() {
        return Order.read("""
                # How
                | `before` | engine | not in the section |
                ## The packages
                | package | module | what |
                |---|---|---|
                | `dtype` | engine | numbers |
                | `tensor` | engine | arrays |
                | `cli` | cli | commands |
                ## After
                | `after` | engine | not in the section |
                """);
    }
}
