package dev.muster.bench.lab;

/// A host of the lab: where its processes run, and where others reach it.
///
/// @param name is its directory's too
/// @param namespace the network namespace
record Node(String name, String namespace, int site, String address) {}
