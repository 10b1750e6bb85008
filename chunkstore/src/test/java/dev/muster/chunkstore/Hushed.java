package dev.muster.chunkstore;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Nothing of what goes wrong on purpose in a test is logged.
public final class Hushed implements BeforeEachCallback, AfterEachCallback {
    private static final Logger LOGGER = Logger.getLogger("dev.muster.chunkstore");

    @Override
    public void beforeEach(ExtensionContext test) {
        LOGGER.setLevel(Level.OFF);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        LOGGER.setLevel(null);
    }
}
