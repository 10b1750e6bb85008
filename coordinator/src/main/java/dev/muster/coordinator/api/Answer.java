package dev.muster.coordinator.api;

import java.nio.charset.StandardCharsets;

/// What goes back when all is well.
final class Answer {
    private final String contentType;
    private final byte[] body;

    private Answer(String contentType, byte[] body) {
        this.contentType = contentType;
        this.body = body;
    }

    /// Takes the array.
    static Answer bytes(byte[] body) {
        return new Answer("application/octet-stream", body);
    }

    static Answer text(String text) {
        return new Answer("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /// @param view a record or map of what JSON has
    static Answer json(Object view) {
        return new Answer("application/json", Json.write(view));
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }
}
