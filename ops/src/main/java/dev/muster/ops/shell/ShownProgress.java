package dev.muster.ops.shell;

import dev.muster.chunkstore.Progress;

/// Progress that people see, on standard error.
public sealed interface ShownProgress extends Progress, AutoCloseable permits ProgressBars, ProgressLines {
    static ShownProgress on(Shell shell) {
        return shell.terminal() ? new ProgressBars(shell.err()) : new ProgressLines(shell.err());
    }

    /// A phase begins that is not counted in bytes, but in `parts` of all of it.
    void share(String name, int parts);

    /// The last phase is done.
    void end();

    @Override
    default void close() {
        end();
    }
}
