/// The conformance kit: what an architecture plugin's own module runs to show that it keeps the rules of `org.enclosure.spi`.
///
/// ```
/// ArchitectureContract   one test class per plugin extends it
///   plugin               what a plugin tells the kit of itself
///   contract             one class per concern; each test carries the number of the rule that it enforces
///   spy, forward         stands between engine and plugin and judges every single answer; a plugin around another one
///   machine              a host with VMs for a test, or a platform without an engine
///   oracle               what every page must be, kept apart from the engine by simple code
///   scenario, random     stories for a test in plain Java, and steps at random, with the oracle behind every step
///   parity               runs of the engine, replayed through the operations of a bare machine
///   schedule, weave      interleavings, explored and replayed; classes loaded anew with yield points or mistakes in them
///   mutant               mistakes planted into a plugin, each of which a test has to catch
///   probe, vector        what the thread under test allocated; readers of recorded vectors
/// ```
///
/// How to use it is in `docs/plugin.md`. The kit knows no architecture; what differs between them it reads from their traits.
@NullMarked
package org.enclosure.tck;

import org.jspecify.annotations.NullMarked;
