"""What a view shows, for files of other programs: scenes as triangles, lines and points; pages with texts as texts."""
