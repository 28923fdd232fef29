package org.enclosure.cli.verify.snp;

import java.util.HexFormat;

import org.enclosure.cli.verify.CaseFailure;
import tools.jackson.databind.JsonNode;

/// Bytes as hex digits in a list.
final class Hex {
    private Hex() {
    }

    /// @throws CaseFailure if it is no text of hex digits
    static byte[] bytes(String name, JsonNode node) {
        try {
            return HexFormat.of().parseHex(node.isString() ? node.stringValue() : "?");
        } catch (IllegalArgumentException e) {
            throw new CaseFailure("'" + name + "' is not bytes in hex");
        }
    }
}
