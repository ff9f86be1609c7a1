"""What both sides say about a draft: redlines, comments, proposals, Word out and in."""
