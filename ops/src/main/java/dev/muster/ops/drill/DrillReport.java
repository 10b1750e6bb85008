package dev.muster.ops.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a drill saw. Every figure is measured; what is not known is not there.
final class DrillReport {
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<Phase> phases = new ArrayList<>();

    /// A phase that ended.
    ///
    /// @param right hosts that run what they should, bit for bit; -1 where that is not the phase's business
    record Phase(String name, double seconds, int right, int wrong) {}

    void fact(String name, Object value) {
        facts.put(name, value);
    }

    void phase(Phase phase) {
        phases.add(phase);
    }

    boolean isRight(int hosts, int rollouts) {
        long checked = phases.stream().filter(phase -> phase.right >= 0).count();
        return checked == rollouts
                && phases.stream().filter(phase -> phase.right >= 0).allMatch(phase -> phase.right == hosts);
    }

    Map<String, Object> json(boolean right) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("right", right);
        out.put("phases", phases.stream().map(DrillReport::json).toList());
        out.putAll(facts);
        return out;
    }

    String text(boolean right) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%n%-44s %9s  %s%n", "phase", "seconds", "hosts right / wrong"));
        for (Phase phase : phases) {
            String hosts = phase.right < 0 ? "" : phase.right + " / " + phase.wrong;
            out.append(String.format(Locale.ROOT, "%-44s %9.1f  %s%n", phase.name, phase.seconds, hosts));
        }
        out.append(System.lineSeparator());
        facts.forEach(
                (name, value) -> out.append(String.format(Locale.ROOT, "%-44s %s%n", spaced(name), shown(value))));
        out.append(System.lineSeparator()).append(right ? "every host is right" : "NOT every host is right");
        return out.toString();
    }

    private static Map<String, Object> json(Phase phase) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", phase.name);
        out.put("seconds", Math.round(phase.seconds * 10) / 10.0);
        if (phase.right >= 0) {
            out.put("right", phase.right);
            out.put("wrong", phase.wrong);
        }
        return out;
    }

    /// `seedSentBytes` as people write it.
    private static String spaced(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String shown(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : String.valueOf(value);
    }
}
