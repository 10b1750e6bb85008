package dev.muster.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A property: the test takes a `RandomGenerator` and must hold for each of many seeds. The seed is in the name of a
/// run that fails; `-Dseed=N` runs that one alone.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededRuns.class)
public @interface Seeded {
    /// How many seeds, counted from 1.
    int runs() default 25;
}
