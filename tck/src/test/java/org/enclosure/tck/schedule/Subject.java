package org.enclosure.tck.schedule;

/// The VMs whose engine is scheduled.
enum Subject {
    SOFTWARE("org.enclosure.software.SoftwareProvider,software-protected,4k"),
    SOFTWARE_2M("org.enclosure.software.SoftwareProvider,software-protected,2m"),
    CORE_OWNED("org.enclosure.testarch.TestProvider,core-owned,4k"),
    BACKEND_OWNED("org.enclosure.testarch.TestProvider,backend-owned,4k");

    private final String text;

    Subject(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
