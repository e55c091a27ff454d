"""What a served instance bears on this machine: load, and the proof afterwards of what was kept."""
