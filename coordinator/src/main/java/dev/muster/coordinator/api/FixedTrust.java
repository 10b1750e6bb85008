package dev.muster.coordinator.api;

import dev.muster.protocol.trust.key.FleetTrust;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import org.jspecify.annotations.Nullable;

/// Whom we trust in the form in which Vert.x takes it, for the reason of [FixedKeys].
final class FixedTrust extends TrustManagerFactory {

    FixedTrust(FleetTrust trust) {
        super(new Spi(trust), provider(), getDefaultAlgorithm());
    }

    private static Provider provider() {
        try {
            return getInstance(getDefaultAlgorithm()).getProvider();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has its default", e);
        }
    }

    private static final class Spi extends TrustManagerFactorySpi {
        private final FleetTrust trust;

        Spi(FleetTrust trust) {
            this.trust = trust;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store) {}

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {}

        @Override
        protected TrustManager[] engineGetTrustManagers() {
            return new TrustManager[] {trust};
        }
    }
}
