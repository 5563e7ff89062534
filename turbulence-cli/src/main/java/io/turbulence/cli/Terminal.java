package io.turbulence.cli;

/// What the program's output goes to.
record Terminal(boolean isTerminal, int width, boolean hasColour) {

    private static final int DEFAULT_WIDTH = 100;

    static Terminal current() {
        boolean terminal = System.console().isTerminal();
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
