package dev.muster.protocol.trust.key;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Answers every handshake with our newest identity, so that a renewed certificate needs no listener to restart.
///
/// The identity before the newest stays known, because a handshake asks for the key and for the chain one after the
/// other, and a renewal may come in between. Safe for threads.
public final class TlsKeys extends X509ExtendedKeyManager {
    private volatile Held held;

    /// Both identities that a handshake may still ask for, under their aliases.
    private record Held(int number, Optional<TlsIdentity> newest, Optional<TlsIdentity> former) {
        String alias() {
            return "identity-" + number;
        }

        @Nullable
        TlsIdentity named(@Nullable String alias) {
            if (alias().equals(alias)) {
                return newest.orElse(null);
            }
            return ("identity-" + (number - 1)).equals(alias) ? former.orElse(null) : null;
        }
    }

    public TlsKeys(TlsIdentity identity) {
        held = new Held(1, Optional.of(identity), Optional.empty());
    }

    private TlsKeys() {
        held = new Held(0, Optional.empty(), Optional.empty());
    }

    /// Somebody who shows no certificate: a host before it is enrolled.
    public static TlsKeys none() {
        return new TlsKeys();
    }

    /// Every handshake from now on shows this one.
    public synchronized void renew(TlsIdentity identity) {
        held = new Held(held.number + 1, Optional.of(identity), held.newest);
    }

    /// Our newest identity, if we have one.
    public Optional<TlsIdentity> newest() {
        return held.newest;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        TlsIdentity identity = held.named(alias);
        return identity == null ? null : identity.privateKey();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        TlsIdentity identity = held.named(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keyType.equals("EC") ? alias() : null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keyType.equals("EC") ? alias() : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases();
    }

    private @Nullable String alias() {
        Held now = held;
        return now.newest.isPresent() ? now.alias() : null;
    }

    private String @Nullable [] aliases() {
        String alias = alias();
        return alias == null ? null : new String[] {alias};
    }
}
