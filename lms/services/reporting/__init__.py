"""What coordinators and donors see: a group at a glance, lists of people, indicators."""
