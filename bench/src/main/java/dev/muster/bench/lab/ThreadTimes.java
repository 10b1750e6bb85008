package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/// How much processor time the threads of some processes have taken, in seconds by what the threads are
/// called, numbers left out: what a program spends its time with, as far as its threads' names say. See
/// proc_pid_stat(5).
record ThreadTimes(SortedMap<String, Double> seconds) {
    private static final double TICKS = 100;

    /// After the name in brackets: utime and stime.
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    static ThreadTimes of(Collection<Process> processes) throws IOException {
        SortedMap<String, Double> seconds = new TreeMap<>();
        for (Process process : processes) {
            Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
            if (!Files.exists(tasks)) {
                continue;
            }
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
                for (Path thread : threads) {
                    add(Files.readString(thread.resolve("stat")), seconds);
                }
            } catch (NoSuchFileException _) {
                continue; // The thread, or the process, ended meanwhile.
            }
        }
        return new ThreadTimes(seconds);
    }

    /// @param stat a line of that file
    static void add(String stat, SortedMap<String, Double> seconds) {
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replaceAll("[-#0-9]+$", "");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double taken = (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS;
        seconds.merge(name, taken, Double::sum);
    }

    ThreadTimes since(ThreadTimes before) {
        SortedMap<String, Double> since = new TreeMap<>();
        seconds.forEach((name, taken) -> since.put(name, taken - before.seconds.getOrDefault(name, 0.0)));
        since.values().removeIf(taken -> taken <= 0);
        return new ThreadTimes(since);
    }
}
