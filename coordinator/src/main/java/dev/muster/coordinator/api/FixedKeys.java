package dev.muster.coordinator.api;

import dev.muster.protocol.trust.key.TlsKeys;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/// Our keys in the form in which Vert.x takes them. (Its own wrapper of a key manager needs SLF4J, which is not there.)
final class FixedKeys extends KeyManagerFactory {

    FixedKeys(TlsKeys keys) {
        super(new Spi(keys), provider(), getDefaultAlgorithm());
    }

    private static Provider provider() {
        try {
            return getInstance(getDefaultAlgorithm()).getProvider();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has its default", e);
        }
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final TlsKeys keys;

        Spi(TlsKeys keys) {
            this.keys = keys;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {keys};
        }
    }
}
