/// What may be installed: root documents, releases that enough release keys signed, and the heads of their manifests.
///
/// Nothing that is not verified is kept. The catalog holds no chunk and no page: those travel between hosts.
@NullMarked
package dev.muster.coordinator.catalog;

import org.jspecify.annotations.NullMarked;
