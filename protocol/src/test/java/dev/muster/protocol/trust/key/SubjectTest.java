package dev.muster.protocol.trust.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubjectTest {
    @Test
    void aSubjectIsReadAsItIsWritten() {
        Subject subject = new Subject("lab-1", Subject.Role.COORDINATOR, "c.1");

        assertEquals("muster://lab-1/coordinator/c.1", subject.toString());
        assertEquals(subject, Subject.parse(subject.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "muster://lab/host",
                "muster://lab/host/",
                "muster://lab/HOST/h1",
                "muster://lab/root/h1",
                "muster://lab/host/h1/x",
                "muster://lab/host/h1\n",
                "muster://la b/host/h1",
                "http://lab/host/h1",
                "muster://../host/h1",
                "muster://lab/host/.."
            })
    void anythingElseIsRefused(String uri) {
        assertThrows(IllegalArgumentException.class, () -> Subject.parse(uri));
    }
}
