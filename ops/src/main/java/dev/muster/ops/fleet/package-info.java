/// What an operator has to do with: the fleet's coordinators, asked with an operator's certificate.
@NullMarked
package dev.muster.ops.fleet;

import org.jspecify.annotations.NullMarked;
