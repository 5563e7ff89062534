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

    /// An expression or JSONPath that does not compile.
    public static final String EXPRESSION = "DEFINITION_EXPRESSION";

    /// A name that nothing defines before it is read.
    public static final String UNDEFINED = "DEFINITION_UNDEFINED";

    /// A warning: something is extracted that nothing reads.
    public static final String UNUSED = "DEFINITION_UNUSED";

    /// A warning: steps that can never run.
    public static final String UNREACHABLE = "DEFINITION_UNREACHABLE";

    /// A warning: fewer connections than instances that want one at once.
    public static final String POOL = "DEFINITION_POOL";

    /// A protocol that no plugin brings.
    public static final String UNKNOWN_PROTOCOL = "DEFINITION_UNKNOWN_PROTOCOL";

    /// A step type that no plugin brings.
    public static final String UNKNOWN_TYPE = "DEFINITION_UNKNOWN_TYPE";

    /// A service that the system file does not declare, or none where one is needed.
    public static final String SERVICE = "DEFINITION_SERVICE";

    /// A key of the HTTP-only past.
    public static final String OF_THE_PAST = "DEFINITION_OF_THE_PAST";

    /// What a plugin's own check found.
    public static final String PLUGIN_CHECK = "DEFINITION_PLUGIN_CHECK";

    /// In a step: a template without a value, or with one that does not fit.
    public static final String RENDER = "DEFINITION_RENDER";

    /// All errors of a load together.
    public static final String INVALID = "DEFINITION_INVALID";

    private Codes() {}
}
