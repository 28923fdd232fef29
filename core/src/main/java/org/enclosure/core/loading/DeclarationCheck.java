package org.enclosure.core.loading;

import org.enclosure.spi.ArchitectureProvider;

/// Holds a declaration against rule LOAD-2: what is visible on one of class path and module path only works for its author and
/// not for the user.
final class DeclarationCheck {
    private static final String SERVICE = ArchitectureProvider.class.getName();

    private DeclarationCheck() {
    }

    /// Adds what is wrong with a declaration.
    static void check(Declaration declaration, Findings findings) {
        String location = declaration.location();
        for (String sentence : declaration.unreadable()) {
            findings.error(location, location + ": " + sentence);
        }
        for (String provider : declaration.all()) {
            String what = "provider " + provider + " in " + location;
            if (declaration.contradicts(provider)) {
                findings.error(location, what + contradiction(declaration, provider));
            } else if (!declaration.explicit()) {
                findings.warning(location, what + " has no module-info: " + withoutModuleInfo(declaration));
            }
        }
    }

    private static String contradiction(Declaration declaration, String provider) {
        if (declaration.inServices().contains(provider)) {
            return " is declared in META-INF/services only, so the module path does not show it: add 'provides "
                    + SERVICE + " with "
                    + provider + "' to its module-info";
        }
        return " is declared in module-info only, so the class path and --plugin-path do not show it: add the line '"
                + provider + "' to "
                + DeclarationReader.SERVICES;
    }

    private static String withoutModuleInfo(Declaration declaration) {
        String now = declaration.module() == null ? "the module path cannot take it"
                : "on the module path it is the automatic module '" + declaration.module() + "', named after its file";
        return now + "; add a module-info with 'provides " + SERVICE + "'";
    }
}
