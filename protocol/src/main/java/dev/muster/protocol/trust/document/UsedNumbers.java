package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which numbers one director key has used for which pins: the newest [PinBook#NUMBERS_MAX] of them.
final class UsedNumbers {
    /// Documents remembered under one number: two would do for the alarm.
    private static final int HASHES_MAX = 4;

    private final NavigableMap<Long, SortedMap<Hash, PinBook.Mark>> marks = new TreeMap<>();
    private long floor;

    UsedNumbers() {}

    /// What was remembered, and nothing above the number that was forgotten last.
    UsedNumbers(PinBook.Used used) {
        floor = used.floor();
        used.marks().forEach(this::add);
    }

    UsedNumbers copy() {
        UsedNumbers copy = new UsedNumbers();
        copy.floor = floor;
        marks.forEach((number, hashes) -> copy.marks.put(number, new TreeMap<>(hashes)));
        return copy;
    }

    void add(PinBook.Mark mark) {
        if (mark.number() <= floor) {
            return;
        }
        SortedMap<Hash, PinBook.Mark> known = marks.computeIfAbsent(mark.number(), unseen -> new TreeMap<>());
        if (known.size() < HASHES_MAX) {
            known.putIfAbsent(mark.pin(), mark);
        }
        while (marks.size() > PinBook.NUMBERS_MAX) {
            floor = marks.pollFirstEntry().getKey();
        }
    }

    /// How many pins have this number.
    int count(long number) {
        SortedMap<Hash, PinBook.Mark> known = marks.get(number);
        return known == null ? 0 : known.size();
    }

    Optional<PinBook.Mark> mark(long number, Hash pin) {
        SortedMap<Hash, PinBook.Mark> known = marks.get(number);
        return known == null ? Optional.empty() : Optional.ofNullable(known.get(pin));
    }

    Optional<PinBook.Mark> newest() {
        return marks.isEmpty()
                ? Optional.empty()
                : marks.lastEntry().getValue().values().stream().findFirst();
    }

    /// Numbers up to this one are used, whatever for.
    long floor() {
        return floor;
    }

    /// Ascending by number.
    List<PinBook.Mark> marks() {
        List<PinBook.Mark> all = new ArrayList<>();
        marks.values().forEach(hashes -> all.addAll(hashes.values()));
        return all;
    }

    /// Whether two pins say that they come after the same one.
    boolean isForked() {
        Set<Hash> followed = new HashSet<>();
        return marks().stream().anyMatch(mark -> !followed.add(mark.previous()));
    }
}
