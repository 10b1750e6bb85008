package dev.muster.bench.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Figures by name, several of each, in the order in which they first came.
public final class Samples {
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    public void add(String name, double figure) {
        figures.computeIfAbsent(name, _ -> new ArrayList<>()).add(figure);
    }

    /// Every figure, in the order of the runs.
    public Map<String, List<Double>> all() {
        return figures;
    }

    boolean has(String name) {
        return figures.containsKey(name);
    }

    public double median(String name) {
        List<Double> sorted =
                figures.getOrDefault(name, List.of()).stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
