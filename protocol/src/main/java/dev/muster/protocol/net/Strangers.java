package dev.muster.protocol.net;

import java.util.HashMap;
import java.util.Map;

/// Counts the connections that came in and have not shown who they are, all of them and those of each address: one that
/// holds all the places that it can get keeps nobody else out. Shared by threads, so every method is synchronized and
/// short.
public final class Strangers {
    private final int max;
    private final int perAddressMax;
    private final Map<String, Integer> byAddress = new HashMap<>();
    private int count;

    public Strangers(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /// One more from this address.
    ///
    /// @return whether there is room; if so, [#gone] follows
    public synchronized boolean came(String address) {
        int same = byAddress.getOrDefault(address, 0);
        if (count >= max || same >= perAddressMax) {
            return false;
        }
        byAddress.put(address, same + 1);
        count++;
        return true;
    }

    /// It has shown who it is, or is gone.
    public synchronized void gone(String address) {
        byAddress.computeIfPresent(address, (_, same) -> same == 1 ? null : same - 1);
        count--;
    }

    public synchronized int count() {
        return count;
    }
}
