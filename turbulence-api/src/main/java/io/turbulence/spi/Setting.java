package io.turbulence.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one component of a settings record: its key in YAML and what the documentation, the
/// editor schema and the checks at load say about it.
///
/// A component is bound by its type: text, number, boolean, enum (lower case in YAML),
/// [java.time.Duration] (`500ms`, `5s`, `2m`; a plain number is seconds), [io.turbulence.api.DataSize],
/// [java.nio.file.Path] (relative to the file that names it), [Matcher], another record, a list or map of
/// these, or [Object] for any YAML tree. A component that is neither `@Nullable` nor has a default must be
/// given; lists and maps are empty when they are not, booleans false.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /// What it is for, in a sentence or two.
    String value();

    /// The key in YAML; empty for the component's name with underscores (`maxBody` is `max_body`).
    String key() default "";

    /// Other keys that mean the same.
    String[] aliases() default {};

    /// The value when none is given, as it would be written in YAML; empty for none.
    String defaultValue() default "";

    /// An example, as it would be written in YAML.
    String example() default "";

    /// Inclusive bounds of a number, of a duration in seconds, or of a text's or list's length: `1..100`,
    /// `0..`; empty for none.
    String range() default "";

    /// Whether its value must never reach results, reports or logs.
    boolean secret() default false;

    /// When `{{ }}` in it is rendered.
    Templates templates() default Templates.STEP;

    /// For a step's map: keys of the service's settings whose maps are merged below it, weakest first; for
    /// any other value the first that is given serves when the step gives none. A key that begins with `^`
    /// is looked up at the top level of the system file.
    String[] inherits() default {};

    /// For a map: whether two keys that differ only in case are the same.
    boolean ignoreCase() default false;

    /// Whether a plain value in place of the record's mapping means this component.
    boolean whenScalar() default false;

    /// For an [Object]: the key which, alone in a mapping, names a file, as in `body: {file: order.xml}`; the value
    /// is then a [java.nio.file.Path], relative to the file that names it. Only what is written so in the file: a
    /// mapping that a template gives is a tree like any other. Empty for none.
    String fileKey() default "";

    /// When templates are rendered.
    enum Templates {
        /// For each attempt of the step.
        STEP,
        /// When the file is loaded: only `env` and what is known before the run.
        LOAD,
        /// Never: a template in it is an error.
        FORBIDDEN
    }
}
