package dev.muster.protocol.cluster;

class MemoryFleetTest extends FleetContract {
    private final MemoryFleet.Together together = new MemoryFleet.Together();

    @Override
    Fleet join() {
        return together.join();
    }
}
