"""Running an installation: settings, courses published, retention, audit, quarantine, rebuilding."""
