/// JMH benchmarks of what every byte goes through. After a build, run one or all with
/// `java -cp 'ops/target/muster/lib/*' org.openjdk.jmh.Main [NAME]`; `-rf json -rff FILE` keeps the result.
///
/// Figures are worth something only beside others of the same run on the same machine.
@NullMarked
package dev.muster.bench.micro;

import org.jspecify.annotations.NullMarked;
