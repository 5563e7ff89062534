package io.turbulence.core.internal.definition.problem;

/// The stable codes of problems that the reading of definitions finds.
public final class Codes {

    /// A file that cannot be read.
    public static final String FILE = "DEFINITION_FILE";

    /// No YAML.
    public static final String SYNTAX = "DEFINITION_SYNTAX";

    public static final String DUPLICATE_KEY = "DEFINITION_DUPLICATE_KEY";
    public static final String UNKNOWN_KEY = "DEFINITION_UNKNOWN_KEY";

    /// A required key that is not there.
    public static final String MISSING_KEY = "DEFINITION_MISSING_KEY";

    /// Keys that exclude each other, or none of a group that needs one.
    public static final String CONFLICT = "DEFINITION_CONFLICT";

    /// A value of another kind: a list for a number.
    public static final String TYPE = "DEFINITION_TYPE";

    /// A value of the right kind that is not allowed.
    public static final String VALUE = "DEFINITION_VALUE";

    /// A template that does not compile or is not allowed where it stands.
    public static final String TEMPLATE = "DEFINITION_TEMPLATE";

    private Codes() {}
}
