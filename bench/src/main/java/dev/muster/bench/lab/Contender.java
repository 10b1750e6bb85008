package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// A program that brings a file from the first host of a lab to all others, once.
interface Contender extends AutoCloseable {
    String name();

    /// Everything up to the order, so that the source has the image and the others wait.
    void prepare(Path image) throws IOException, InterruptedException;

    /// Gives the order and returns when the last has the whole image.
    Arrivals deliver() throws IOException, InterruptedException;

    /// Ends its processes and deletes its files.
    @Override
    void close() throws IOException, InterruptedException;

    /// @param began when the order was given, epoch milliseconds
    /// @param seconds from the order until the image was whole, of each receiver that was there from the
    ///     start and lived
    /// @param late from its start until the image was whole, of each receiver that came later
    /// @param right how many of all these have the bytes of the source
    /// @param payload what it knows of bytes without headers
    /// @param remark what else is to be said, or empty
    record Arrivals(
            double began, List<Double> seconds, List<Double> late, int right, Payload payload, String remark) {
        public Arrivals {
            seconds = List.copyOf(seconds);
            late = List.copyOf(late);
        }
    }

    /// What a program's own processes say of it: bytes of the image by their count.
    ///
    /// @param source what the source sent; -1 where the program does not say
    /// @param wanIn what came into each site from others; empty where the program does not say
    /// @param most what the receiver that received most received; -1 where the program does not say
    /// @param threads where its processes spent their time, in seconds by thread; empty where that is not
    ///     looked at
    record Payload(long source, List<Long> wanIn, long most, ThreadTimes threads) {
        static final Payload UNKNOWN = new Payload(-1, List.of(), -1, new ThreadTimes(new TreeMap<>()));

        public Payload {
            wanIn = List.copyOf(wanIn);
        }
    }
}
