package io.turbulence.cli;

import java.io.Console;

/// What the program's output goes to.
record Terminal(boolean isTerminal, int width, boolean hasColour) {

    private static final int DEFAULT_WIDTH = 100;

    @SuppressWarnings("SystemConsoleNull") // it is null where -Djdk.console=java.base is set
    static Terminal current() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean plain = System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"));
        return new Terminal(terminal && !"dumb".equals(System.getenv("TERM")), columns(), terminal && !plain);
    }

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        try {
            return columns == null ? DEFAULT_WIDTH : Math.max(60, Integer.parseInt(columns.strip()));
        } catch (NumberFormatException e) {
            return DEFAULT_WIDTH;
        }
    }
}
