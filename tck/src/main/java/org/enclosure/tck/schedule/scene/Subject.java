package org.enclosure.tck.schedule.scene;

/// The VMs whose engine is scheduled.
public enum Subject {
    /// The built-in platform, pages of 4K.
    SOFTWARE("org.enclosure.software.SoftwareProvider,software-protected,4k"),
    /// The built-in platform, folios of 2M.
    SOFTWARE_2M("org.enclosure.software.SoftwareProvider,software-protected,2m"),
    /// The test architecture, the engine keeps the tables.
    CORE_OWNED("org.enclosure.testarch.TestProvider,core-owned,4k"),
    /// The test architecture, its backend keeps the tables.
    BACKEND_OWNED("org.enclosure.testarch.TestProvider,backend-owned,4k");

    private final String text;

    Subject(String text) {
        this.text = text;
    }

    /// How [Scenes] gets it: provider class, type, page.
    public String text() {
        return text;
    }
}
