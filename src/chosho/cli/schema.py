"""``chosho schema``: the JSON Schema of a document, for editors."""

import json

import click


@click.command("schema")
@click.argument("document", type=click.Choice(["deck", "catalog"]))
def command(document: str) -> None:
    """Print the JSON Schema of DOCUMENT; an editor checks decks with it while they are typed."""
    if document == "deck":
        from chosho.batch.schema import deck_schema as schema  # heavy, only for this command
    else:
        from chosho.dataset.catalog import catalog_schema as schema
    click.echo(json.dumps(schema(), ensure_ascii=False, indent=2))
