"""Where submissions are graded: in several processes of this machine."""
