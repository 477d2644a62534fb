"""Pages as tests read them: the text, the tags, and nothing that would reach out of the page."""

from html.parser import HTMLParser


class Text(HTMLParser):
    """Collects the text and the tags of a page; no tag may point or run anywhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not {name for name, _ in attrs} & {"href", "src", "onclick"}

    def handle_data(self, data: str) -> None:
        self.text += data
