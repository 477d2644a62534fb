"""Media (媒体): what goes on which disc, the discs' images, and reading them back as a stranger would."""
