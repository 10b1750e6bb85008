package dev.muster.agent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What an operator must know of what this host believes: logged when it begins and when it ends. Used by one thread.
final class Alarms {
    private static final Logger LOG = System.getLogger(Alarms.class.getName());

    private List<String> known = List.of();

    void look(List<String> now) {
        List<String> begun = new ArrayList<>(now);
        begun.removeAll(known);
        begun.forEach(alarm -> LOG.log(Level.WARNING, "alarm: {0}", alarm));
        List<String> ended = new ArrayList<>(known);
        ended.removeAll(now);
        ended.forEach(alarm -> LOG.log(Level.INFO, "alarm over: {0}", alarm));
        known = List.copyOf(now);
    }
}
