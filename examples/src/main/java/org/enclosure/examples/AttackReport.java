package org.enclosure.examples;

import org.enclosure.examples.attack.Attacker;

/// What one attack got.
///
/// @param name name of the attack
/// @param by who attacks
/// @param expected what it has to get, written down from the rules of the architecture
/// @param observed what it got
/// @param attempts how often it was really tried; an attack that was never tried is a failure
/// @param ok whether what it got is what it has to get, and the guest still works
public record AttackReport(String name, Attacker by, String expected, String observed, long attempts, boolean ok) {
}
