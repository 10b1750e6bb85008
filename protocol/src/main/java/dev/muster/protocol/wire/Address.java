package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// Where a host can be reached over TCP.
///
/// @param host a DNS name, an IPv4 literal, or an IPv6 literal without brackets
/// @param port 0 asks for any free port and is never sent
public record Address(String host, int port) {
    public static final int HOST_LENGTH_MAX = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?");

    public Address {
        if (host.length() > HOST_LENGTH_MAX || !isHost(host)) {
            throw new IllegalArgumentException("address: expected a host name or IP literal, found " + brief(host));
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("address: expected a port up to 65535, found " + port);
        }
    }

    /// @param text `host:port` or `[IPv6]:port`
    /// @throws IllegalArgumentException for anything else
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw new IllegalArgumentException("address: expected IPv6 in brackets, found " + brief(text));
            }
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("address: expected [IPv6]:port, found " + brief(text));
        }
        String digits = text.substring(colon + 1);
        if (colon < 1
                || digits.length() > 5
                || digits.isEmpty()
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("address: expected host:port, found " + brief(text));
        }
        return new Address(host, Integer.parseInt(digits));
    }

    public Address withPort(int port) {
        return new Address(host, port);
    }

    public void write(ByteWriter out) {
        out.text(host).u16(port);
    }

    public static Address read(ByteReader in) throws Corrupt {
        String host = in.text(HOST_LENGTH_MAX);
        int port = in.u16();
        if (port == 0 || !isHost(host)) {
            throw in.refuse("an address", brief(host) + " port " + port);
        }
        return new Address(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]:" : host + ":") + port;
    }

    private static boolean isHost(String host) {
        if (host.indexOf(':') < 0) {
            return NAME.matcher(host).matches();
        }
        try {
            return host.indexOf('%') < 0 && InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String brief(String text) {
        return text.length() <= 64 && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                ? "'" + text + "'"
                : text.length() + " characters";
    }
}
