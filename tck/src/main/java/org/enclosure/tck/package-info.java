/// The conformance kit: what an architecture plugin's own module runs to show that it keeps the rules of `org.enclosure.spi`.
///
/// ```
/// ArchitectureContract   one test class per plugin extends it
///   contract             one class per concern; each test carries the number of the rule that it enforces
///   spy                  stands between engine and plugin and judges every single answer
///   machine              a host with VMs for a test
///   scenario             stories for a test in plain Java, with the oracle behind every step
///   parity               runs of the engine, replayed through the operations of a bare machine
/// ```
///
/// How to use it is in `docs/plugin.md`. The kit knows no architecture; what differs between them it reads from their traits.
@NullMarked
package org.enclosure.tck;

import org.jspecify.annotations.NullMarked;
