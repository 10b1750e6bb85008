package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The receivers' processes of a contender, and when each was done.
final class Processes {
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final long LOOK_AGAIN_MILLIS = 5;

    private Processes() {}

    /// When each of these ended well, epoch milliseconds.
    static List<Double> ends(List<Process> processes, String what) throws IOException, InterruptedException {
        List<FutureTask<Double>> ends = new ArrayList<>();
        for (Process process : processes) {
            FutureTask<Double> end = new FutureTask<>(() -> {
                int status = process.waitFor();
                if (status != 0) {
                    throw new IOException(what + ": expected status 0, found " + status);
                }
                return (double) System.currentTimeMillis();
            });
            Thread.startVirtualThread(end);
            ends.add(end);
        }
        List<Double> moments = new ArrayList<>();
        for (FutureTask<Double> end : ends) {
            try {
                moments.add(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException(what + " did not end well within " + LIMIT.toSeconds() + " s", e);
            }
        }
        return moments;
    }

    /// When each of these files was made, epoch milliseconds.
    static List<Double> made(List<Path> files, String what) throws IOException, InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        List<Double> moments = new ArrayList<>();
        for (Path file : files) {
            while (!Files.exists(file)) {
                if (System.nanoTime() > until) {
                    throw new IOException(what + ": " + file + " is not there within " + LIMIT.toSeconds() + " s");
                }
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            moments.add(Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS) / 1e3);
        }
        return moments;
    }

    /// What became of it, for a program that says nothing of its bytes.
    static Contender.Arrivals arrivals(double began, List<Double> ends, Path image, List<Path> copies)
            throws IOException {
        int right = 0;
        for (Path copy : copies) {
            right += Files.mismatch(image, copy) < 0 ? 1 : 0;
        }
        List<Double> seconds = ends.stream().map(end -> (end - began) / 1e3).toList();
        return new Contender.Arrivals(began, seconds, List.of(), right, Contender.Payload.UNKNOWN, "");
    }
}
