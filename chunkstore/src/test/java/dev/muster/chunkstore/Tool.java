package dev.muster.chunkstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A program that some tests need and not every machine has: without it the test skips itself by name.
public record Tool(String name, Path path) {

    public static Tool assume(String name) {
        Optional<Path> found = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/sbin", "/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "needs " + name);
        return new Tool(name, found.orElseThrow());
    }

    /// Runs the program, which must succeed.
    ///
    /// @return what it printed
    public String run(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command + ": " + output);
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command.toString(), e);
        }
    }
}
