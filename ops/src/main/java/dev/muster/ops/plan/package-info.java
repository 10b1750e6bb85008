/// What a rollout will take, from what a coordinator knows of links, or from what people say of them.
@NullMarked
package dev.muster.ops.plan;

import org.jspecify.annotations.NullMarked;
