"""Commands that look after an instance: check, mend, erase, change keys, back up, restore."""
