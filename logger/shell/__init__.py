"""What both doors show around their work: headers, places of files, and the phone app's shell."""
