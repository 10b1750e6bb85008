package dev.muster.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7410, 127.0.0.1, 7410",
        "[::1]:7410, ::1, 7410",
        "[fe80::1:2]:1, fe80::1:2, 1",
        "host-1.example:65535, host-1.example, 65535",
        "localhost:0, localhost, 0"
    })
    void whatIsParsedIsWrittenTheSame(String text, String host, int port) {
        assertEquals(new Address(host, port), Address.parse(text));
        assertEquals(text, Address.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":7410",
                "host",
                "host:",
                "host:65536",
                "host:-1",
                "host:+1",
                "host: 1",
                "host:123456",
                "::1:7410",
                "[::1]",
                "[::1:7410",
                "[host]:1",
                "[]:1",
                "[::g]:1",
                "[fe80::1%eth0]:1",
                "ho st:1",
                "-host:1",
                "host/:1",
                "hóst:1"
            })
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
    }
}
