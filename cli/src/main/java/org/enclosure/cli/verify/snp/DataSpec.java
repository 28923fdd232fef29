package org.enclosure.cli.verify.snp;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import tools.jackson.databind.JsonNode;

/// Bytes as these vector files write them: `{fill, len}`, `{base64}`, `{repeat: {hex, len}}`, `{counter8: {start, step, len}}`,
/// `{sparse: {len, fill, patches: [{off, hex}]}}`.
final class DataSpec {
    private static final long MAX_BYTES = 1 << 26;
    private static final List<String> FORMS = List.of("base64", "repeat", "counter8", "sparse", "fill");

    private DataSpec() {
    }

    /// The bytes.
    ///
    /// @throws CaseFailure if they are written in no known form
    static byte[] bytes(String name, JsonNode node) {
        Fields fields = Fields.of("'" + name + "'", node);
        String form = FORMS.stream().filter(fields::has).findFirst().orElseThrow(
                () -> CaseFailure.unknown(name + " " + String.join(" ", fields.names())));
        byte[] bytes = switch (form) {
            case "base64" -> base64(name, fields.text("base64"));
            case "repeat" -> repeated(fields.fields("repeat"));
            case "counter8" -> counter(fields.fields("counter8"));
            case "sparse" -> sparse(fields.fields("sparse"));
            default -> filled(fields);
        };
        fields.nothingElse();
        return bytes;
    }

    private static byte[] base64(String name, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new CaseFailure("'" + name + "' is not base64");
        }
    }

    private static byte[] filled(Fields fields) {
        byte[] bytes = new byte[length(fields)];
        Arrays.fill(bytes, (byte) fields.number("fill", 0));
        return bytes;
    }

    private static byte[] repeated(Fields fields) {
        byte[] piece = fields.bytes("hex");
        byte[] bytes = new byte[length(fields)];
        fields.nothingElse();
        if (piece.length == 0 && bytes.length > 0) {
            throw new CaseFailure("nothing can be repeated " + bytes.length + " bytes long");
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = piece[i % piece.length];
        }
        return bytes;
    }

    private static byte[] counter(Fields fields) {
        long start = fields.number("start", 0);
        long step = fields.number("step", 1);
        byte[] bytes = new byte[length(fields)];
        fields.nothingElse();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (start + i * step);
        }
        return bytes;
    }

    private static byte[] sparse(Fields fields) {
        byte[] bytes = filled(fields);
        for (JsonNode patch : fields.has("patches") ? fields.list("patches") : List.<JsonNode>of()) {
            Fields one = Fields.of("a patch", patch);
            long offset = one.number("off");
            byte[] piece = one.bytes("hex");
            one.nothingElse();
            if (offset < 0 || offset > bytes.length - piece.length) {
                throw new CaseFailure("a patch of " + piece.length + " bytes at offset " + offset + " is not within "
                        + bytes.length + " bytes");
            }
            System.arraycopy(piece, 0, bytes, (int) offset, piece.length);
        }
        fields.nothingElse();
        return bytes;
    }

    private static int length(Fields fields) {
        long length = fields.number("len");
        if (length < 0 || length > MAX_BYTES) {
            throw new CaseFailure("'len' " + length + " is not legal; legal: 0 to " + MAX_BYTES);
        }
        return (int) length;
    }
}
